import { useMutation, useQueryClient } from "@tanstack/react-query";
import { runningKey, type Session } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";

/** Stop the clock of a session. */
export function usePause() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Session) => answered(api.POST("/api/v1/study-sessions/{id}/pause", { params: { path: { id } } })),
    onSuccess: (session) => queries.setQueryData(runningKey, session),
    onError: () => queries.invalidateQueries({ queryKey: runningKey }),
  });
}
