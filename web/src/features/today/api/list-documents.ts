import { useQuery } from "@tanstack/react-query";
import { documentsKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

const SHOWN = 3;
const LOOK_EVERY_MS = 2_000;

/** The newest documents; live while one of them is being read. */
export function useRecentDocuments() {
  return useQuery({
    queryKey: documentsKey,
    meta: { kept: "documents-recent" },
    queryFn: ({ signal }) => {
      const query = { limit: SHOWN, sort: "-created_at" as const };
      return answered(api.GET("/api/v1/documents", { params: { query }, signal }));
    },
    refetchInterval: ({ state }) =>
      state.data?.items.some(({ status }) => status === "queued" || status === "processing") ? LOOK_EVERY_MS : false,
  });
}
