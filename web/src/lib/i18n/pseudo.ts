type Tree = { [key: string]: string | Tree };

/** A catalogue for tests: English in brackets and 40 % longer, so that cut words and words without a translation show. */
export function pseudo<Words extends Tree>(messages: Words): Words {
  const stretched = (tree: Tree): Tree =>
    Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [
        key,
        typeof value === "string" ? `[${value}${" ~~~~".repeat(Math.ceil(value.replace(/\{.*\}/g, "").length * 0.08))}]` : stretched(value),
      ]),
    );
  return stretched(messages) as Words;
}
