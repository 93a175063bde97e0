import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FLASHCARDS, cardKey, type Card } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

export function deleteCard(card: Pick<Card, "id">) {
  return answered(api.DELETE("/api/v1/cards/{id}", { params: { path: { id: card.id } } }));
}

export function useDeleteCard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: deleteCard,
    onSuccess: (_none, card) => {
      queries.removeQueries({ queryKey: cardKey(card.id) });
      return queries.invalidateQueries({ queryKey: FLASHCARDS });
    },
  });
}
