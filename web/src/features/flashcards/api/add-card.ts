import { useMutation, useQueryClient } from "@tanstack/react-query";
import { cardsKey, decksKey, type CardTexts } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export function useAddCard(deck: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: CardTexts) =>
      answered(
        api.POST("/api/v1/decks/{id}/cards", {
          params: { path: { id: deck } },
          body,
          headers: { "Idempotency-Key": newId() },
        }),
      ),
    onSuccess: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: cardsKey(deck) }),
        queries.invalidateQueries({ queryKey: decksKey }),
      ]),
  });
}
