import type { components } from "@/lib/api/schema";

export type Task = components["schemas"]["TaskOut"];
export type TaskFields = components["schemas"]["TaskFields"];
export type NewTask = components["schemas"]["NewTask"];
export type DraftPart = components["schemas"]["DraftPart"];
export type Draft = components["schemas"]["DraftOut"];
export type Priority = components["schemas"]["Priority"];

export type Filters = { status: "open" | "completed"; q?: string; subject?: string; priority?: Priority };

export const PRIORITIES: Priority[] = ["low", "medium", "high", "urgent"];

/** Everything about tasks that was asked for; figures of other pages count tasks, too. */
export const TASKS = ["tasks"] as const;
export const listKey = (filters: Filters) => [...TASKS, "list", filters] as const;
export const taskKey = (id: string) => [...TASKS, "one", id] as const;
export const WEEKS = [...TASKS, "week"] as const;
