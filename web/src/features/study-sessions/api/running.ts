import { useQuery } from "@tanstack/react-query";
import { runningKey } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";

const LOOK_EVERY = 60_000;

/** The session that is not finished yet, wherever it was started, or null. There is one at most, and it is the newest. */
export function useRunning() {
  return useQuery({
    queryKey: runningKey,
    refetchInterval: LOOK_EVERY,
    queryFn: async ({ signal }) => {
      const { items } = await answered(api.GET("/api/v1/study-sessions", { params: { query: { limit: 1 } }, signal }));
      const newest = items[0];
      return newest && newest.status !== "finished" ? newest : null;
    },
  });
}
