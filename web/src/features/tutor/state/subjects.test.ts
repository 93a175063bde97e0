import { expect, test } from "vitest";
import { isChosen, subjectsOf, toggled } from "@/features/tutor/state/subjects";

const SOURCES = [
  { id: "1", subject: "Physics" },
  { id: "2", subject: "Biology" },
  { id: "3", subject: null },
  { id: "4", subject: "Physics" },
];

test("documents are grouped by subject, and those without one are left out", () => {
  expect(subjectsOf(SOURCES)).toEqual([
    { name: "Biology", ids: ["2"] },
    { name: "Physics", ids: ["1", "4"] },
  ]);
});

test("choosing a subject adds what is missing of it, and choosing it again takes all of it out", () => {
  const physics = subjectsOf(SOURCES)[1]!;
  expect(isChosen(physics, ["1"])).toBe(false);
  expect(toggled(physics, ["3", "1"])).toEqual(["3", "1", "4"]);
  expect(toggled(physics, ["3", "1", "4"])).toEqual(["3"]);
});
