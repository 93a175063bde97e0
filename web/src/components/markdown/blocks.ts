const FENCE = /^ {0,3}(`{3,}|~{3,})/;
const DISPLAY_MATH = /^\s*\$\$/;

/**
 * A Markdown text in blocks that can be rendered each for itself: cut at blank lines, but never inside of fenced code
 * or `$$` formulas, nor before an indented line, which belongs to the list item above it. While a text grows at its
 * end, all blocks but the last stay the same.
 */
export function blocksOf(text: string): string[] {
  const blocks: string[] = [];
  let lines: string[] = [];
  let fence: string | null = null;
  let formula = false;
  let blank = false;
  for (const line of text.split("\n")) {
    const empty = line.trim() === "";
    if (blank && !empty && !/^(\s{2,}|\t)/.test(line) && fence === null && !formula) {
      blocks.push(lines.join("\n"));
      lines = [];
    }
    lines.push(line);
    blank = empty && fence === null && !formula;
    const mark = FENCE.exec(line)?.[1];
    if (fence !== null) {
      if (mark && mark.startsWith(fence) && line.trim() === mark) fence = null;
    } else if (mark) {
      fence = mark;
    } else if (DISPLAY_MATH.test(line)) {
      // A formula may begin and end on one line.
      formula = formula ? false : (line.match(/\$\$/g)?.length ?? 0) % 2 === 1;
    } else if (formula && line.includes("$$")) {
      formula = false;
    }
  }
  if (lines.some((line) => line.trim() !== "")) blocks.push(lines.join("\n"));
  return blocks;
}
