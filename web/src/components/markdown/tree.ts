type Node = { type: string; value?: string; url?: string; label?: string; children?: Node[] };

const CITATION = /\[(\d{1,3})\]/g;
export const CITE = "#cite-";

function cited(number: string): Node {
  return { type: "link", url: CITE + number, children: [{ type: "text", value: number }] };
}

function split(value: string, numbers: ReadonlySet<number>): Node[] {
  const parts: Node[] = [];
  let end = 0;
  for (const match of value.matchAll(CITATION)) {
    if (!numbers.has(Number(match[1]))) continue;
    if (match.index > end) parts.push({ type: "text", value: value.slice(end, match.index) });
    parts.push(cited(match[1]!));
    end = match.index + match[0].length;
  }
  if (end === 0) return [{ type: "text", value }];
  if (end < value.length) parts.push({ type: "text", value: value.slice(end) });
  return parts;
}

function changed(node: Node, numbers: ReadonlySet<number>): Node[] {
  // Raw HTML is shown as the text that it is: it may be what the answer is about.
  if (node.type === "html") return [{ type: "text", value: node.value ?? "" }];
  if (node.type === "text") return split(node.value ?? "", numbers);
  // A definition somewhere in a text must not take a citation's number for itself.
  if (node.type === "linkReference" && numbers.has(Number(node.label))) return [cited(node.label!)];
  if (node.type === "link") return [node];
  if (node.children) node.children = node.children.flatMap((child) => changed(child, numbers));
  return [node];
}

/** For remark: `[n]` of a known citation becomes a link to `#cite-n`, and HTML becomes text. */
export function remarkCitations({ numbers }: { numbers: ReadonlySet<number> }) {
  return (tree: Node) => void changed(tree, numbers);
}
