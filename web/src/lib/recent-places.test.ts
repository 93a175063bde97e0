import { beforeEach, expect, test } from "vitest";
import { byVisit, recentPlaces, rememberPlace } from "@/lib/recent-places";

const PLACES = ["/today", "/tasks", "/documents", "/flashcards"].map((href) => ({ href }));
const order = (visited: string[], here: string) => byVisit(PLACES, visited, here).map(({ href }) => href);

beforeEach(() => localStorage.clear());

test("a place that is visited again comes first, once", () => {
  for (const place of ["/today", "/tasks", "/today"]) rememberPlace(place);
  expect(recentPlaces()).toEqual(["/today", "/tasks"]);
});

test("what was kept and can't be read counts as nothing", () => {
  localStorage.setItem("recent-places", "{nonsense");
  expect(recentPlaces()).toEqual([]);
});

test("the latest places come first, the present one last, the others as in the navigation", () => {
  expect(order(["/flashcards", "/documents"], "/flashcards")).toEqual(["/documents", "/today", "/tasks", "/flashcards"]);
  expect(order([], "/tasks")).toEqual(["/today", "/documents", "/flashcards", "/tasks"]);
});
