import { useMutation, useQueryClient } from "@tanstack/react-query";
import { runningKey, type NewSession } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export function useStart() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewSession) =>
      answered(api.POST("/api/v1/study-sessions", { body, headers: { "Idempotency-Key": newId() } })),
    onSuccess: (session) => queries.setQueryData(runningKey, session),
    // It may be refused because one runs already, on another device: show that one.
    onError: () => queries.invalidateQueries({ queryKey: runningKey }),
  });
}
