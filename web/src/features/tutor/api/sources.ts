import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { components } from "@/lib/api/schema";
import { answered, api } from "@/lib/api/client";

export type Source = components["schemas"]["DocumentOut"];

/** Documents that have been read and can be asked about; of many, those whose name holds `q`. */
export function useSources(q: string) {
  return useQuery({
    queryKey: ["documents", "sources", q],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const query = { status: "ready" as const, limit: 100, ...(q && { q }) };
      return (await answered(api.GET("/api/v1/documents", { params: { query }, signal }))).items;
    },
  });
}

export function useSource(id: string) {
  return useQuery({
    queryKey: ["documents", "one", id],
    staleTime: 300_000,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/documents/{id}", { params: { path: { id } }, signal })),
  });
}
