import type { Locator, Page, Request } from "@playwright/test";
import type { Person } from "./fixtures";

export type Card = { id: string; front: string; version: number; suspended: boolean };

export const rows = (page: Page): Locator => page.getByRole("list", { name: "Cards" }).getByRole("listitem");
export const left = (page: Page): Locator => page.getByRole("list", { name: "Left for today" });
export const face = (page: Page): Locator => page.getByRole("article", { name: "Card" });
export const isReview = (request: Request): boolean =>
  request.method() === "POST" && /\/cards\/[^/]+\/reviews$/.test(request.url());

/** A deck with cards whose fronts are "Question 1" and so on, and its id. */
export async function deckOf(person: Person, count: number, fields: object = {}): Promise<{ id: string; cards: Card[] }> {
  const deck = await person.post("/decks", { name: "Cells", new_per_day: 9_999, ...fields });
  const cards: Card[] = [];
  for (let made = 0; made < count; made += 500) {
    const batch = Array.from({ length: Math.min(500, count - made) }, (_, n) => ({
      front: `Question ${made + n + 1}`,
      back: `Answer ${made + n + 1}`,
    }));
    cards.push(...(await person.post(`/decks/${deck.id}/cards`, { cards: batch })).items);
  }
  return { id: deck.id, cards };
}
