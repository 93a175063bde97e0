import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CardText } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export function useDeckChoices() {
  return useQuery({
    queryKey: ["decks", "choices"],
    queryFn: async ({ signal }) =>
      (await answered(api.GET("/api/v1/decks", { params: { query: { limit: 100 } }, signal }))).items,
  });
}

/** Put cards into a deck, all or none; without an id into a new deck of that name. */
export function useSaveCards() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ deck, name, cards }: { deck: string; name: string; cards: CardText[] }) => {
      const id = deck || (await answered(api.POST("/api/v1/decks", { body: { name } }))).id;
      await answered(
        api.POST("/api/v1/decks/{id}/cards", {
          params: { path: { id } },
          body: { cards },
          headers: { "Idempotency-Key": newId() },
        }),
      );
      return id;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: ["decks"] }),
  });
}
