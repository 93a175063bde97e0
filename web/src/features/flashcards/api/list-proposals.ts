import { useInfiniteQuery } from "@tanstack/react-query";
import { proposalsKey } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

/** The cards that wait for a decision. */
export function useProposals(deck: string) {
  return useInfiniteQuery({
    queryKey: proposalsKey(deck),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/decks/{id}/proposals", { params: { path: { id: deck }, query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
