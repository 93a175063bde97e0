import { useQuery } from "@tanstack/react-query";
import { WEEKS, type Task } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;
/** A week with more than this is no plan. */
const PAGES = 5;

type Span = { due_from?: string; due_to: string };

async function openTasks(span: Span, pages: number, signal: AbortSignal): Promise<Task[]> {
  const tasks: Task[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages && (page === 0 || cursor); page += 1) {
    const query = { ...span, status: "open" as const, sort: "due_at" as const, limit: PAGE, ...(cursor ? { cursor } : {}) };
    const answer: { items: Task[]; next_cursor: string | null } = await answered(api.GET("/api/v1/tasks", { params: { query }, signal }));
    tasks.push(...answer.items);
    cursor = answer.next_cursor;
  }
  return tasks;
}

/** What is open and due between two instants; with `overdue`, also the oldest of what was due before. */
export function useWeek(begins: string, ends: string, overdue: boolean) {
  return useQuery({
    queryKey: [...WEEKS, begins, overdue],
    queryFn: async ({ signal }) => {
      const late = overdue ? openTasks({ due_to: begins }, 1, signal) : [];
      return (await Promise.all([late, openTasks({ due_from: begins, due_to: ends }, PAGES, signal)])).flat();
    },
  });
}
