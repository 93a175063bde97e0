import type { Queue } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

const AHEAD = 30;

/** The next cards of today, of one deck or of all. */
export function getQueue(deck: string | null, signal?: AbortSignal): Promise<Queue> {
  const query = { limit: AHEAD, ...(deck ? { deck_id: deck } : {}) };
  return answered(api.GET("/api/v1/reviews/queue", { params: { query }, signal }));
}
