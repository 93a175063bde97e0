import { useMutation, useQueryClient } from "@tanstack/react-query";
import { deleteCard } from "@/features/flashcards/api/delete-card";
import { editCard } from "@/features/flashcards/api/edit-card";
import { FLASHCARDS, type Card, type CardFields } from "@/features/flashcards/api/flashcards";

const AT_ONCE = 4;

export type BulkChange = { cards: Card[]; fields: CardFields | "delete" };
/** What became of the cards: those changed, as they are now, and the first refusal. */
export type BulkOutcome = { changed: Card[]; failed: number; error: unknown };

/** Do the same to many cards; one that is refused doesn't stop the others. */
export function useChangeCards() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: changeAll,
    onSettled: () => queries.invalidateQueries({ queryKey: FLASHCARDS }),
  });
}

async function changeAll({ cards, fields }: BulkChange): Promise<BulkOutcome> {
  const outcome: BulkOutcome = { changed: [], failed: 0, error: null };
  const left = [...cards];
  const work = async () => {
    for (let card = left.shift(); card; card = left.shift()) {
      try {
        outcome.changed.push(fields === "delete" ? (await deleteCard(card), card) : await editCard({ card, fields }));
      } catch (error) {
        outcome.failed += 1;
        outcome.error ??= error;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return outcome;
}
