import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { DOCUMENTS, type Document } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/problem";

/** The text of a page; with a chunk, also where that stands on it. */
export function usePage(document: Document, n: number, chunk: string | null) {
  return useQuery({
    queryKey: [...DOCUMENTS, "page", document.id, document.version, n, chunk],
    staleTime: Infinity,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const path = { id: document.id, n };
      const read = (query: { chunk?: string }) =>
        answered(api.GET("/api/v1/documents/{id}/pages/{n}", { params: { path, query }, signal }));
      if (!chunk) return read({});
      // A link may be older than the last reading of the document: the page is then better than nothing.
      return read({ chunk }).catch((error: unknown) => {
        if (error instanceof ApiProblem && (error.status === 404 || error.status === 422)) return read({});
        throw error;
      });
    },
  });
}
