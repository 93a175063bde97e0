import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

const SOONEST = 100;

/** The open tasks that a session can be about, those due soonest first. */
export function useTaskChoices() {
  return useQuery({
    queryKey: ["tasks", "choices"],
    queryFn: ({ signal }) => {
      const query = { status: "open" as const, sort: "due_at" as const, limit: SOONEST };
      return answered(api.GET("/api/v1/tasks", { params: { query }, signal }));
    },
    select: ({ items }) => items.map(({ id, title }) => ({ id, title })),
  });
}
