import { useInfiniteQuery } from "@tanstack/react-query";
import { ADMINISTRATION } from "@/features/administration/api/administration";
import { answered, api } from "@/lib/api/client";

const PAGE = 10;

/** What happened to somebody's account, newest first. */
export function useEventsOf(id: string) {
  return useInfiniteQuery({
    queryKey: [...ADMINISTRATION, "events", id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/users/{id}/security-events", { params: { path: { id }, query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
