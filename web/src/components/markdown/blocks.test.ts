import { expect, it } from "vitest";
import { blocksOf } from "@/components/markdown/blocks";

it("cuts at blank lines", () => {
  expect(blocksOf("One.\n\nTwo.\n\n\nThree.").map((block) => block.trim())).toEqual(["One.", "Two.", "Three."]);
});

it("keeps code, formulas and what belongs to a list item in one piece", () => {
  for (const whole of ["```py\na = 1\n\nb = 2\n```", "~~~\n```\n\n~~~", "$$\nx\n\ny\n$$", "- one\n\n  more of one"]) {
    expect(blocksOf(whole)).toEqual([whole]);
  }
});

it("goes on cutting after a formula on one line and after code", () => {
  expect(blocksOf("$$x$$\n\nText\n\n```\ncode\n```\n\nEnd")).toHaveLength(4);
});

it("loses nothing and changes no block but the last as a text grows", () => {
  const text = "# Title\n\nText [1].\n\n```\na\n\nb\n```\n\n1. one\n2. two\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEnd.";
  expect(blocksOf(text).join("\n")).toBe(text);
  let before: string[] = [];
  for (let end = 1; end <= text.length; end += 1) {
    const now = blocksOf(text.slice(0, end));
    expect(now.slice(0, Math.max(0, before.length - 1))).toEqual(before.slice(0, -1));
    before = now;
  }
});
