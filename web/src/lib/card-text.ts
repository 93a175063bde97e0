/** A piece of a card's text. Everything in it is text to be shown, never markup. */
export type Piece =
  | { kind: "text" | "bold" | "code"; text: string }
  | { kind: "math"; text: string; display: boolean }
  | { kind: "cloze"; number: number; text: string; hint: string | null };

// In this order: what looks like a formula in code or in a gap stays what it is there.
const PATTERNS: { pattern: RegExp; piece: (match: RegExpExecArray) => Piece }[] = [
  {
    pattern: /\{\{c(\d{1,3})::([\s\S]+?)(?:::([\s\S]*?))?\}\}/y,
    piece: ([, number, text, hint]) => ({ kind: "cloze", number: Number(number), text: text!, hint: hint || null }),
  },
  { pattern: /`([^`\n]+)`/y, piece: ([, text]) => ({ kind: "code", text: text! }) },
  { pattern: /\$\$([\s\S]+?)\$\$/y, piece: ([, text]) => ({ kind: "math", text: text!, display: true }) },
  { pattern: /\\\[([\s\S]+?)\\\]/y, piece: ([, text]) => ({ kind: "math", text: text!, display: true }) },
  { pattern: /\\\(([\s\S]+?)\\\)/y, piece: ([, text]) => ({ kind: "math", text: text!, display: false }) },
  // "$5 and $6" is money: no blank inside next to the signs, no digit after the second one.
  { pattern: /\$(?!\s)([^$\n]*[^$\s\\])\$(?!\d)/y, piece: ([, text]) => ({ kind: "math", text: text!, display: false }) },
  { pattern: /\*\*(?!\s)([^*\n]+)\*\*/y, piece: ([, text]) => ({ kind: "bold", text: text! }) },
];

/** The pieces of a card's text: gaps `{{c1::answer::hint}}`, formulas, `code` and **bold**; all else as it stands. */
export function pieces(source: string): Piece[] {
  const found: Piece[] = [];
  let plain = "";
  for (let at = 0; at < source.length; ) {
    const match = "{`$\\*".includes(source[at]!) ? matchAt(source, at) : null;
    if (!match) {
      plain += source[at];
      at += 1;
      continue;
    }
    if (plain) found.push({ kind: "text", text: plain });
    plain = "";
    found.push(match.piece);
    at += match.length;
  }
  if (plain) found.push({ kind: "text", text: plain });
  return found;
}

function matchAt(source: string, at: number): { piece: Piece; length: number } | null {
  for (const { pattern, piece } of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(source);
    if (match) return { piece: piece(match), length: match[0].length };
  }
  return null;
}

/** A card's text in one line, for lists: gaps are filled, signs of formatting gone. */
export function plainText(source: string): string {
  const text = pieces(source.slice(0, 400)).map((piece) => piece.text).join("");
  return text.replace(/\s+/g, " ").trim();
}
