import { useQuery } from "@tanstack/react-query";
import { ADMINISTRATION } from "@/features/administration/api/administration";
import { answered, api } from "@/lib/api/client";

const EVERY_MS = 10_000;

/** How the jobs of each kind fare, asked for while the page is looked at. */
export function useQueueHealth() {
  return useQuery({
    queryKey: [...ADMINISTRATION, "queue"],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }) => (await answered(api.GET("/api/v1/admin/queue", { signal }))).items,
  });
}
