import { useQuery } from "@tanstack/react-query";
import { FLASHCARDS } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

/** The documents that cards can be made from, by a part of their title. */
export function useReadyDocuments(q: string) {
  return useQuery({
    queryKey: [...FLASHCARDS, "documents", q],
    queryFn: ({ signal }) => {
      const query = { status: "ready" as const, sort: "title" as const, limit: 100, ...(q ? { q } : {}) };
      return answered(api.GET("/api/v1/documents", { params: { query }, signal }));
    },
  });
}
