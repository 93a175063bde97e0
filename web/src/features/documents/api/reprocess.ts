import { useMutation, useQueryClient } from "@tanstack/react-query";
import { DOCUMENTS, type Document } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

/** Read a document once more. */
export function useReprocess() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Document) =>
      answered(api.POST("/api/v1/documents/{id}/reprocess", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: DOCUMENTS }),
  });
}
