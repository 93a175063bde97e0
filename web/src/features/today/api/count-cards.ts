import { useQuery } from "@tanstack/react-query";
import { cardsKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";
import { KEPT_QUEUE } from "@/lib/reviews/kept-queue";

/** How many cards the study day still holds: new ones, due ones and both. */
export function useCardCounts() {
  return useQuery({
    queryKey: cardsKey,
    meta: { instead: KEPT_QUEUE },
    queryFn: ({ signal }) => answered(api.GET("/api/v1/reviews/queue", { params: { query: { limit: 1 } }, signal })),
    select: (queue) => queue.counts,
  });
}
