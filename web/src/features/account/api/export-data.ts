import { useMutation } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

const FILE = "/api/v1/users/me/export/file";

/**
 * Have the browser download everything. It may be gigabytes, so it goes to the disk and not through the page: the
 * download carries a ticket in a cookie, since it can carry no access token.
 */
export function useExport() {
  return useMutation({
    mutationFn: async () => {
      await answered(api.POST("/api/v1/users/me/export/ticket"));
      // A refusal then fails the download and leaves the page alone.
      Object.assign(document.createElement("a"), { href: FILE, download: "" }).click();
    },
  });
}
