import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

const FLASHCARDS = ["flashcards"] as const;

/** The decks that a card can go into, by name. */
export function useDeckChoices() {
  return useQuery({
    queryKey: [...FLASHCARDS, "decks", "choices"],
    queryFn: async ({ signal }) => (await answered(api.GET("/api/v1/decks", { params: { query: { limit: 100 } }, signal }))).items,
  });
}

type NewCard = { deck: string; front: string; back: string };

export function useMakeCard() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ deck, ...body }: NewCard) =>
      answered(api.POST("/api/v1/decks/{id}/cards", { params: { path: { id: deck } }, body, headers: { "Idempotency-Key": newId() } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: FLASHCARDS }),
  });
}
