import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FLASHCARDS, cardKey, ifMatch, type Card, type CardFields } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

type Change = { card: Pick<Card, "id" | "version">; fields: CardFields };

/** Change, move, suspend, bury or flag a card, unless it was changed elsewhere since (412 `stale_version`). */
export function editCard({ card, fields }: Change): Promise<Card> {
  return answered(
    api.PATCH("/api/v1/cards/{id}", { params: { path: { id: card.id } }, body: fields, headers: ifMatch(card) }),
  );
}

export function useEditCard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: editCard,
    onSuccess: (changed) => {
      queries.setQueryData(cardKey(changed.id), changed);
      return queries.invalidateQueries({ queryKey: FLASHCARDS });
    },
  });
}
