import { useQuery } from "@tanstack/react-query";
import { dueKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

const MOST = 50;

/** The open tasks that are due before an instant, the oldest first. */
export function useDue(before: string) {
  return useQuery({
    queryKey: [...dueKey, before],
    meta: { instead: "due" },
    queryFn: ({ signal }) => {
      const query = { status: "open" as const, due_to: before, sort: "due_at" as const, limit: MOST };
      return answered(api.GET("/api/v1/tasks", { params: { query }, signal }));
    },
    // Without the server these are all open tasks that were kept, perhaps on the day before.
    select: (page) => ({ ...page, items: page.items.filter(({ due_at }) => due_at && Date.parse(due_at) < Date.parse(before)) }),
  });
}
