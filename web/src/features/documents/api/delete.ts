import { useMutation, useQueryClient } from "@tanstack/react-query";
import { DOCUMENTS, documentKey, type Document } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

export function useDeleteDocument() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Document) => answered(api.DELETE("/api/v1/documents/{id}", { params: { path: { id } } })),
    onSuccess: (_none, { id }) => {
      queries.removeQueries({ queryKey: documentKey(id) });
      return queries.invalidateQueries({ queryKey: DOCUMENTS });
    },
  });
}
