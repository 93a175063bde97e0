import { expect, test } from "vitest";
import { openings } from "@/features/tutor/state/openings";

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
