import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FLASHCARDS, type Deck } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

export type CardTable = components["schemas"]["TableOut"];
export type CardTableRow = components["schemas"]["RowOut"];

/** The cards of a deck as a file on this device. */
export async function downloadTable(deck: Deck): Promise<void> {
  const params = { path: { id: deck.id } };
  const table = await answered(api.GET("/api/v1/decks/{id}/export", { params, parseAs: "blob" }));
  const address = URL.createObjectURL(table as unknown as Blob);
  const link = Object.assign(document.createElement("a"), { href: address, download: `${deck.name}.csv` });
  link.click();
  // The browser has to take hold of the bytes first.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** Look at a table, or with `keep` add what is new in it. */
export function useImportTable(deck: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: { table: string; keep: boolean }) =>
      answered(api.POST("/api/v1/decks/{id}/import", { params: { path: { id: deck } }, body })),
    onSuccess: (_table, { keep }) => (keep ? queries.invalidateQueries({ queryKey: FLASHCARDS }) : undefined),
  });
}
