import type { QueryClient } from "@tanstack/react-query";
import type { components } from "@/lib/api/schema";

export type Session = components["schemas"]["StudySessionOut"];
export type NewSession = components["schemas"]["NewSession"];
export type Finish = components["schemas"]["FinishBody"];

export const STUDY = ["study-sessions"] as const;
export const runningKey = [...STUDY, "running"] as const;
export const pastKey = [...STUDY, "past"] as const;

/** A finished session adds to the minutes of its task and to every figure. */
export function countAnew(queries: QueryClient): Promise<unknown> {
  return Promise.all([STUDY, ["tasks"], ["analytics"]].map((queryKey) => queries.invalidateQueries({ queryKey })));
}
