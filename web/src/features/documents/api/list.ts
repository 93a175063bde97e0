import { useInfiniteQuery } from "@tanstack/react-query";
import { LOOK_EVERY, isUnderWay, listKey, type Filters } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;

/** The documents of a filter, page by page; live while one of them is being read. */
export function useDocuments(filters: Filters) {
  return useInfiniteQuery({
    queryKey: listKey(filters),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filters, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) };
      return answered(api.GET("/api/v1/documents", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
    refetchInterval: ({ state }) =>
      state.data?.pages.some((page) => page.items.some(isUnderWay)) ? LOOK_EVERY : false,
  });
}
