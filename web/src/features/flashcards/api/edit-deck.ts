import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decksKey, deckKey, ifMatch, type Deck, type DeckFields } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

/** Change some fields of a deck, unless it was changed elsewhere since (412 `stale_version`). */
export function useEditDeck() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ deck, fields }: { deck: Deck; fields: DeckFields }) =>
      answered(
        api.PATCH("/api/v1/decks/{id}", { params: { path: { id: deck.id } }, body: fields, headers: ifMatch(deck) }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(deckKey(changed.id), changed);
      return queries.invalidateQueries({ queryKey: decksKey });
    },
  });
}
