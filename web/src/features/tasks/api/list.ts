import { useInfiniteQuery } from "@tanstack/react-query";
import { listKey, type Filters } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;

/** The tasks of a filter, page by page; open ones by their date, completed ones with the newest first. */
export function useTasks(filters: Filters) {
  return useInfiniteQuery({
    queryKey: listKey(filters),
    ...(Object.keys(filters).length === 1 && { meta: { kept: `tasks-${filters.status}` } }),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const sort = filters.status === "open" ? ("due_at" as const) : ("-created_at" as const);
      const query = { ...filters, limit: PAGE, sort, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/tasks", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
