import { useInfiniteQuery } from "@tanstack/react-query";
import { decksKey } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

/** All decks by name, page by page, with what each holds for today. */
export function useDecks() {
  return useInfiniteQuery({
    queryKey: [...decksKey, "list"],
    meta: { kept: "decks" },
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/decks", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
