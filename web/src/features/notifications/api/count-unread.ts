import { useQuery } from "@tanstack/react-query";
import { NOTIFICATIONS } from "@/features/notifications/api/notifications";
import { answered, api } from "@/lib/api/client";

const EVERY_MS = 60_000;

/** How many notifications are unread; asked for once a minute while the page is looked at. */
export function useUnread() {
  return useQuery({
    queryKey: [...NOTIFICATIONS, "unread"],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }) => {
      const query = { limit: 1, unread: true };
      return (await answered(api.GET("/api/v1/notifications", { params: { query }, signal }))).unread;
    },
  });
}
