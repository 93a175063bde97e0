import { useQuery } from "@tanstack/react-query";
import { taskKey } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

export function useTask(id: string) {
  return useQuery({
    queryKey: taskKey(id),
    meta: { kept: `task-${id}` },
    queryFn: ({ signal }) => answered(api.GET("/api/v1/tasks/{id}", { params: { path: { id } }, signal })),
  });
}
