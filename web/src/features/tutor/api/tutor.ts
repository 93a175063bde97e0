import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];

export type Thread = Schemas["ThreadOut"];
export type Message = Schemas["MessageOut"];
export type Citation = Schemas["CitationOut"];
export type Mode = Schemas["Mode"];
export type Problem = Schemas["Problem"];
export type CardText = Schemas["CardTexts"];

export const MODES: Mode[] = ["explain", "quiz", "socratic"];
export const LONGEST_QUESTION = 4_000;

export const running = (status: Message["status"]) => status === "queued" || status === "streaming";

export const THREADS = ["threads"] as const;
export const threadListKey = [...THREADS, "list"] as const;
export const threadKey = (id: string) => [...THREADS, "one", id] as const;
export const messagesKey = (id: string) => [...THREADS, "messages", id] as const;
