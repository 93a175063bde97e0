import { useInfiniteQuery } from "@tanstack/react-query";
import { pastKey } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";

const PAGE = 20;

/** The sessions of the past, newest first, page by page. */
export function useSessions() {
  return useInfiniteQuery({
    queryKey: pastKey,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/study-sessions", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
