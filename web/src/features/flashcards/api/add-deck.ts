import { useMutation, useQueryClient } from "@tanstack/react-query";
import { decksKey, type DeckFields } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export function useAddDeck() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DeckFields & { name: string }) =>
      answered(api.POST("/api/v1/decks", { body, headers: { "Idempotency-Key": newId() } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: decksKey }),
  });
}
