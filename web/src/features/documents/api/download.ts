import { useMutation } from "@tanstack/react-query";
import type { Document } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

/** The file as it was uploaded, saved under its own name. A plain link could not carry the access token. */
export function useDownload() {
  return useMutation({
    mutationFn: async ({ id, filename }: Document) => {
      const call = api.GET("/api/v1/documents/{id}/file", { params: { path: { id } }, parseAs: "blob" });
      const address = URL.createObjectURL((await answered(call)) as unknown as Blob);
      const link = Object.assign(window.document.createElement("a"), { href: address, download: filename });
      link.click();
      // The browser has to take hold of the bytes first.
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
    },
  });
}
