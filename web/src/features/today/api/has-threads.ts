import { useQuery } from "@tanstack/react-query";
import { threadsKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

/** Whether the tutor was ever asked. */
export function useHasThreads() {
  return useQuery({
    queryKey: threadsKey,
    meta: { kept: "threads-any" },
    queryFn: ({ signal }) => answered(api.GET("/api/v1/threads", { params: { query: { limit: 1 } }, signal })),
    select: (page) => page.items.length > 0,
  });
}
