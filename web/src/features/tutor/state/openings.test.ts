import { expect, test } from "vitest";
import { followUps, openings } from "@/features/tutor/state/openings";

const about = (...key_concepts: string[]) => ({ key_concepts });

test("concepts are taken from the documents in turns, each once", () => {
  expect(openings([about("starter", "flour", "water", "yeast"), about("Starter", "tides"), about()])).toEqual([
    "starter",
    "flour",
    "tides",
    "water",
  ]);
});

test("without documents there is nothing to begin with", () => {
  expect(openings([])).toEqual([]);
});

test("what to go on with is in the cited documents and was not spoken of", () => {
  const sources = [
    { id: "bread", key_concepts: ["Starter", "flour", "water", "salt", "oven"] },
    { id: "sea", key_concepts: ["tides"] },
  ];
  expect(followUps(sources, new Set(["bread"]), "A starter is made of flour.")).toEqual(["water", "salt", "oven"]);
  expect(followUps(sources, new Set(), "A starter.")).toEqual([]);
});
