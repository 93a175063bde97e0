import { useQuery } from "@tanstack/react-query";
import { deckKey } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

export function useDeck(id: string | null) {
  return useQuery({
    queryKey: deckKey(id ?? ""),
    meta: { kept: `deck-${id}` },
    enabled: id !== null,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/decks/{id}", { params: { path: { id: id ?? "" } }, signal })),
  });
}
