import { useMutation, useQueryClient } from "@tanstack/react-query";
import { countAnew, runningKey, type Finish, type Session } from "@/features/study-sessions/api/sessions";
import { answered, api } from "@/lib/api/client";

/** End a session, with what there is to say about it. */
export function useFinish({ id }: Session) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Finish) =>
      answered(api.POST("/api/v1/study-sessions/{id}/finish", { params: { path: { id } }, body })),
    onSuccess: () => {
      queries.setQueryData(runningKey, null);
      void countAnew(queries);
    },
  });
}
