import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TASKS, taskKey, type Task, type TaskFields } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

/** Change some fields of a task, unless it was changed elsewhere since (412 `stale_version`). */
export function useEditTask(task: Task) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: TaskFields) =>
      answered(
        api.PATCH("/api/v1/tasks/{id}", {
          params: { path: { id: task.id } },
          body,
          headers: { "If-Match": `"${task.version}"` },
        }),
      ),
    onSuccess: (changed) => {
      queries.setQueryData(taskKey(task.id), changed);
      return queries.invalidateQueries({ queryKey: TASKS });
    },
  });
}
