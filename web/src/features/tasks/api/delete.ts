import { useMutation, useQueryClient } from "@tanstack/react-query";
import { TASKS, taskKey, type Task } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

export function useDeleteTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (task: Task) => answered(api.DELETE("/api/v1/tasks/{id}", { params: { path: { id: task.id } } })),
    onSuccess: (_none, task) => {
      queries.removeQueries({ queryKey: taskKey(task.id) });
      return queries.invalidateQueries({ queryKey: TASKS });
    },
  });
}
