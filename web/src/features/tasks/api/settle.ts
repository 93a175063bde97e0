import { useMutation, useQueryClient, type InfiniteData } from "@tanstack/react-query";
import { TASKS, type Task } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

type Page = { items: Task[]; next_cursor: string | null };
type Wish = { task: Task; done: boolean };

/** Check a task off, or open it again. The list shows it at once and takes it back if the server refuses. */
export function useSettleTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ task, done }: Wish) => {
      const params = { path: { id: task.id } };
      return done
        ? answered(api.POST("/api/v1/tasks/{id}/complete", { params }))
        : answered(api.POST("/api/v1/tasks/{id}/reopen", { params }));
    },
    onMutate: async ({ task, done }) => {
      const lists = { queryKey: [...TASKS, "list"] };
      await queries.cancelQueries(lists);
      const before = queries.getQueriesData<InfiniteData<Page>>(lists);
      const status = done ? ("completed" as const) : ("open" as const);
      queries.setQueriesData<InfiniteData<Page>>(lists, (data) => data && withStatus(data, task.id, status));
      return { before };
    },
    onError: (_error, _wish, context) => context?.before.forEach(([key, data]) => queries.setQueryData(key, data)),
    onSettled: () => queries.invalidateQueries({ queryKey: TASKS }),
  });
}

function withStatus(data: InfiniteData<Page>, id: string, status: Task["status"]): InfiniteData<Page> {
  const changed = (task: Task) => (task.id === id ? { ...task, status } : task);
  return { ...data, pages: data.pages.map((page) => ({ ...page, items: page.items.map(changed) })) };
}
