import { expect, test } from "vitest";
import { pieces, plainText } from "@/lib/card-text";

test("gaps carry their number, answer and hint", () => {
  expect(pieces("The {{c1::mitochondrion}} makes {{c2::ATP::molecule}}.")).toEqual([
    { kind: "text", text: "The " },
    { kind: "cloze", number: 1, text: "mitochondrion", hint: null },
    { kind: "text", text: " makes " },
    { kind: "cloze", number: 2, text: "ATP", hint: "molecule" },
    { kind: "text", text: "." },
  ]);
});

test.each([
  ["$x^2$", "x^2", false],
  ["$$\\int_0^1$$", "\\int_0^1", true],
  ["\\(a+b\\)", "a+b", false],
  ["\\[a+b\\]", "a+b", true],
])("%s is a formula", (source, text, display) => {
  expect(pieces(source)).toEqual([{ kind: "math", text, display }]);
});

test.each(["It costs $5 and $6", "a * b ** c", "{{c::x}}", "$", "<b>bold</b>", "`", "5$ and 6$"])("%s stays as it stands", (source) => {
  expect(pieces(source)).toEqual([{ kind: "text", text: source }]);
});

test("a list shows a card without its signs", () => {
  expect(plainText("**Energy**\n{{c1::E = mc²}} `x`")).toBe("Energy E = mc² x");
});
