import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];

export type Task = Schemas["TaskOut"];
export type Document = Schemas["DocumentOut"];

/** They begin like the keys of the pages that own these things, and are asked for again along with them. */
export const TASKS = ["tasks"] as const;
export const dueKey = [...TASKS, "today"] as const;
export const cardsKey = ["flashcards", "today"] as const;
export const decksKey = ["flashcards", "decks", "any"] as const;
export const documentsKey = ["documents", "recent"] as const;
export const threadsKey = ["threads", "any"] as const;
export const studyKey = ["study-sessions", "current"] as const;
export const ANALYTICS = ["analytics"] as const;
export const summaryKey = [...ANALYTICS, "today"] as const;
