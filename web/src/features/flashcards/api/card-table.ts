import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FLASHCARDS, type Deck } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import { sendFile } from "@/lib/api/send-file";
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

/** Where cards come from: a table, or a package of Anki. */
export type CardFile = { table: string } | { file: File };
/** What becomes of its rows; of a package, how many cards lose pictures or sounds, too. */
export type Outlook = CardTable & { without_media?: number };

/** Look at a file, or with `keep` add what is new in it. `onProgress` is told how much of a package has left (0..1). */
export function useImportCards(deck: string, onProgress: (share: number) => void) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ source, keep }: { source: CardFile; keep: boolean }): Promise<Outlook> => {
      if ("table" in source) {
        const body = { ...source, keep };
        return answered(api.POST("/api/v1/decks/{id}/import", { params: { path: { id: deck } }, body }));
      }
      const sending = { onProgress, signal: new AbortController().signal };
      const address = `/api/v1/decks/${deck}/import/package`;
      return (await sendFile(address, source.file, sending, { keep: String(keep) })).body as Outlook;
    },
    onSuccess: (_outlook, { keep }) => (keep ? queries.invalidateQueries({ queryKey: FLASHCARDS }) : undefined),
  });
}
