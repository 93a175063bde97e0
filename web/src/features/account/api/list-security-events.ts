import { useInfiniteQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

const PAGE = 10;

/** What happened to the account, newest first. */
export function useSecurityEvents() {
  return useInfiniteQuery({
    queryKey: ["account", "security-events"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/users/me/security-events", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
