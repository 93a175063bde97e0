import { useQuery } from "@tanstack/react-query";
import { FLASHCARDS } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

type Job = components["schemas"]["JobOut"];

const EVERY_MS = 1_000;
const OVER = new Set(["done", "failed", "cancelled"]);

/** How far a job is, asked for until it is over. */
export function useJob(id: string | null) {
  return useQuery<Job>({
    queryKey: [...FLASHCARDS, "job", id],
    enabled: id !== null,
    refetchInterval: (query) => (query.state.data && OVER.has(query.state.data.status) ? false : EVERY_MS),
    queryFn: ({ signal }) => answered(api.GET("/api/v1/jobs/{id}", { params: { path: { id: id ?? "" } }, signal })),
  });
}
