import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TASKS, type NewTask } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export function useAddTask() {
  const queries = useQueryClient();
  return useMutation({
    // The key makes a click that is sent twice add one task.
    mutationFn: (body: NewTask) =>
      answered(api.POST("/api/v1/tasks", { body, headers: { "Idempotency-Key": newId() } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: TASKS }),
  });
}
