import { describe, expect, test } from "vitest";
import { expectedAnswer, isRight } from "./typed-answers";

describe("what is to be typed", () => {
  test("is the back, without signs of formatting and in one line", () => {
    expect(expectedAnswer({ front: "Why?", back: "Yeast makes **carbon dioxide**,\n  and $h$" })).toBe("Yeast makes carbon dioxide, and h");
  });

  test("is what the gaps hide, without their hints", () => {
    expect(expectedAnswer({ front: "{{c1::Salt::mineral}} slows {{c2::fermentation}}", back: "It binds water" })).toBe("Salt, fermentation");
  });
});

describe("a typed answer", () => {
  test("is right whatever its capitals, spaces and full stop", () => {
    expect(isRight("  carbon   dioxide.", "Carbon dioxide")).toBe(true);
  });

  test("is right however its accents are encoded", () => {
    expect(isRight("cafe\u0301", "caf\u00e9")).toBe(true);
  });

  test("is wrong when a letter is", () => {
    expect(isRight("carbon dioxid", "carbon dioxide")).toBe(false);
  });

  test("is not right for being empty", () => {
    expect(isRight("", "flour")).toBe(false);
  });
});
