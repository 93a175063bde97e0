import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ANALYTICS, TASKS, dueKey, type Task } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

type Page = { items: Task[]; next_cursor: string | null };
type Wish = { task: Task; done: boolean };

/** Check a task off, or open it again. It shows at once and is taken back if the server refuses. */
export function useSettle() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ task, done }: Wish) => {
      const params = { path: { id: task.id } };
      return done
        ? answered(api.POST("/api/v1/tasks/{id}/complete", { params }))
        : answered(api.POST("/api/v1/tasks/{id}/reopen", { params }));
    },
    onMutate: async ({ task, done }) => {
      await queries.cancelQueries({ queryKey: dueKey });
      const before = queries.getQueriesData<Page>({ queryKey: dueKey });
      const status = done ? ("completed" as const) : ("open" as const);
      const changed = (one: Task) => (one.id === task.id ? { ...one, status } : one);
      queries.setQueriesData<Page>({ queryKey: dueKey }, (page) => page && { ...page, items: page.items.map(changed) });
      return { before };
    },
    onError: (_error, _wish, context) => context?.before.forEach(([key, page]) => queries.setQueryData(key, page)),
    onSettled: () =>
      Promise.all([TASKS, ANALYTICS].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
