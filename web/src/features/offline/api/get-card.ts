import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** What stands on a card, to tell which one is meant. */
export function useCard(id: string) {
  return useQuery({
    queryKey: ["flashcards", "card", id],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/cards/{id}", { params: { path: { id } }, signal })),
  });
}
