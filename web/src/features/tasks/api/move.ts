import { useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { TASKS, WEEKS, taskKey, type Task } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

type Move = { task: Task; due_at: string };

const MOVE = ["move-task"];

/**
 * Give a task another date. The plan shows it at once and takes it back if the server refuses. Moves that follow each
 * other quickly are sent one after the other, each with the version that the one before left.
 */
export function useMoveTask() {
  const queries = useQueryClient();
  return useMutation({
    mutationKey: MOVE,
    scope: { id: MOVE[0]! },
    mutationFn: ({ task, due_at }: Move) => {
      const headers = { "If-Match": `"${latestVersion(queries, task)}"` };
      return answered(api.PATCH("/api/v1/tasks/{id}", { params: { path: { id: task.id } }, body: { due_at }, headers }));
    },
    onMutate: async ({ task, due_at }) => {
      await queries.cancelQueries({ queryKey: WEEKS });
      const before = shownTask(queries, task.id) ?? task;
      show(queries, { ...before, due_at });
      return { before };
    },
    onSuccess: (changed) => {
      const shown = shownTask(queries, changed.id);
      queries.setQueryData(taskKey(changed.id), changed);
      // Its date may have been moved on meanwhile.
      show(queries, { ...changed, due_at: shown?.due_at ?? changed.due_at });
    },
    onError: (_error, { task, due_at }, context) => {
      const shown = shownTask(queries, task.id);
      if (context && shown?.due_at === due_at) show(queries, { ...shown, due_at: context.before.due_at });
    },
    onSettled: () => {
      // What is asked for between two moves would show the second one undone.
      if (queries.isMutating({ mutationKey: MOVE }) === 1) return queries.invalidateQueries({ queryKey: TASKS });
    },
  });
}

/** A move that waited comes after others; Undo may come when the week that shows the task is not kept any more. */
function latestVersion(queries: QueryClient, task: Task): number {
  const kept = [shownTask(queries, task.id), queries.getQueryData<Task>(taskKey(task.id))];
  return Math.max(task.version, ...kept.map((one) => one?.version ?? 0));
}

function shownTask(queries: QueryClient, id: string): Task | undefined {
  const weeks = queries.getQueriesData<Task[]>({ queryKey: WEEKS });
  const found = weeks.flatMap(([, tasks]) => tasks?.filter((task) => task.id === id) ?? []);
  return found.reduce<Task | undefined>((latest, task) => (latest && latest.version >= task.version ? latest : task), undefined);
}

/** Each week that is kept gets the task; it shows only what falls on its days. */
function show(queries: QueryClient, task: Task): void {
  queries.setQueriesData<Task[]>({ queryKey: WEEKS }, (tasks) => tasks && [...tasks.filter(({ id }) => id !== task.id), task]);
}
