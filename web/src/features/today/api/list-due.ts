import { useQuery } from "@tanstack/react-query";
import { dueKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

const MOST = 50;

/** The open tasks that are due before an instant, the oldest first. */
export function useDue(before: string) {
  return useQuery({
    queryKey: [...dueKey, before],
    queryFn: ({ signal }) => {
      const query = { status: "open" as const, due_to: before, sort: "due_at" as const, limit: MOST };
      return answered(api.GET("/api/v1/tasks", { params: { query }, signal }));
    },
  });
}
