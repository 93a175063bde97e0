import { useQuery } from "@tanstack/react-query";
import { decksKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

/** Whether there is any card at all. */
export function useHasCards() {
  return useQuery({
    queryKey: decksKey,
    meta: { kept: "decks-any" },
    queryFn: ({ signal }) => answered(api.GET("/api/v1/decks", { params: { query: { limit: 100 } }, signal })),
    select: (page) => page.items.some((deck) => deck.counts.total > 0),
  });
}
