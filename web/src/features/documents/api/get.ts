import { useQuery } from "@tanstack/react-query";
import { LOOK_EVERY, documentKey, isUnderWay } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

/** One document; live while it is being read. */
export function useDocument(id: string) {
  return useQuery({
    queryKey: documentKey(id),
    queryFn: ({ signal }) => answered(api.GET("/api/v1/documents/{id}", { params: { path: { id } }, signal })),
    refetchInterval: ({ state }) => (state.data && isUnderWay(state.data) ? LOOK_EVERY : false),
  });
}
