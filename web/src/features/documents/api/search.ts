import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DOCUMENTS } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

const MOST = 12;

/** The passages of one's documents that fit best. */
export function useSearch(query: string, subject?: string) {
  return useQuery({
    queryKey: [...DOCUMENTS, "search", query, subject],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const body = { query, limit: MOST, ...(subject && { subject }) };
      return (await answered(api.POST("/api/v1/search", { body, signal }))).results;
    },
  });
}
