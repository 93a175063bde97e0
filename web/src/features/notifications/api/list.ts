import { useInfiniteQuery } from "@tanstack/react-query";
import { NOTIFICATIONS } from "@/features/notifications/api/notifications";
import { answered, api } from "@/lib/api/client";

const PAGE = 20;

/** Notifications, newest first. */
export function useNotifications() {
  return useInfiniteQuery({
    queryKey: [...NOTIFICATIONS, "list"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/notifications", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
