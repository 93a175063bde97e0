import { useQuery } from "@tanstack/react-query";
import { cardKey } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

export function useCard(id: string) {
  return useQuery({
    queryKey: cardKey(id),
    // A form must not begin with what was true before the last review.
    staleTime: 0,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/cards/{id}", { params: { path: { id } }, signal })),
  });
}
