import { useMutation } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

type Wish = { document: string; deck: string; count: number };

/** Ask for cards from a document; the answer names the job that writes them. */
export function useRequestProposals() {
  return useMutation({
    mutationFn: ({ document, deck, count }: Wish) =>
      answered(
        api.POST("/api/v1/documents/{id}/flashcards", {
          params: { path: { id: document } },
          body: { deck_id: deck, count },
          headers: { "Idempotency-Key": newId() },
        }),
      ),
  });
}
