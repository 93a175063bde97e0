import { useMutation, useQueryClient } from "@tanstack/react-query";
import { LISTS, documentKey, type Document, type DocumentFields } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

/** Change title or subject, unless the document was changed elsewhere since (412 `stale_version`). */
export function useEditDocument(document: Document) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: DocumentFields) =>
      answered(
        api.PATCH("/api/v1/documents/{id}", {
          params: { path: { id: document.id } },
          body,
          headers: { "If-Match": `"${document.version}"` },
        }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(documentKey(document.id), changed);
      return queries.invalidateQueries({ queryKey: LISTS });
    },
  });
}
