import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decksKey, deckKey, type Deck } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

export function useDeleteDeck() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (deck: Deck) => answered(api.DELETE("/api/v1/decks/{id}", { params: { path: { id: deck.id } } })),
    onSuccess: (_none, deck) => {
      queries.removeQueries({ queryKey: deckKey(deck.id) });
      return queries.invalidateQueries({ queryKey: [...decksKey, "list"] });
    },
  });
}
