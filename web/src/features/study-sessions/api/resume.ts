import { useMutation, useQueryClient } from "@tanstack/react-query";
import { runningKey, type Session } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";

/** Let the clock of a session run again. */
export function useResume() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id }: Session) => answered(api.POST("/api/v1/study-sessions/{id}/resume", { params: { path: { id } } })),
    onSuccess: (session) => queries.setQueryData(runningKey, session),
    onError: () => queries.invalidateQueries({ queryKey: runningKey }),
  });
}
