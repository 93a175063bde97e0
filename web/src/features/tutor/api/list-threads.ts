import { useInfiniteQuery } from "@tanstack/react-query";
import { threadListKey } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;

/** The threads, the one used last first. */
export function useThreads() {
  return useInfiniteQuery({
    queryKey: threadListKey,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/threads", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
