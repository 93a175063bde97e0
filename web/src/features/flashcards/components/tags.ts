/** The tags in a line, parted by blanks or commas. */
export function tagsOf(line: string): string[] {
  return line.split(/[\s,]+/).filter(Boolean);
}
