import { expect, test } from "vitest";
import { cutOut, markWords } from "@/features/documents/components/words";

const marked = (text: string, query: string) =>
  markWords(text, query)
    .filter((piece) => piece.marked)
    .map((piece) => piece.text);

test.each([
  ["The starter ferments.", "What is a starter?", ["starter"]],
  ["Starters and restarted STARTERS", "starter", ["Starters", "STARTERS"]],
  ["Über Übung", "übung", ["Übung"]],
  ["d+b (c", "d+b (c", ["d", "b", "c"]],
  ["酵母は生きている", "酵母", ["酵母"]],
  ["nothing of it", "???", []],
  ["the one", "the", ["the"]],
])("in “%s”, “%s” marks %j", (text, query, expected) => {
  expect(marked(text, query)).toEqual(expected);
});

test("no character is lost or doubled", () => {
  const text = "One starter, two starters.\n<b>three</b>";
  expect(markWords(text, "starter three").map((piece) => piece.text).join("")).toBe(text);
});

test("a range counts characters beyond the first plane once, as the server does", () => {
  expect(cutOut("🍞🍞 bread rises", 3, 8)).toEqual(["🍞🍞 ", "bread", " rises"]);
});
