import { expect, it } from "vitest";
import { cardsFrom } from "@/features/tutor/state/cards";

it("makes the question the front and the answer without citations the back", () => {
  const answer = 'Quoted from your documents (no language model is configured):\n\n- "Feed it once a day." [1]\n- "In the fridge, once a week." [2][3]';
  expect(cardsFrom("How often?", answer)).toEqual([{ front: "How often?", back: '- "Feed it once a day."\n- "In the fridge, once a week."' }]);
});

it("proposes a card for each term that a list explains", () => {
  const cards = cardsFrom("What lives in it?", "Two things:\n\n- **Yeast**: raises the dough [1].\n- **Bacteria:** sour it [2].");
  expect(cards.slice(1)).toEqual([{ front: "Yeast", back: "raises the dough." }]);
});
