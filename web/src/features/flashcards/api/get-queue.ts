import type { Queue } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";
import { Unreachable } from "@/lib/api/problem";
import { keptQueue, without } from "@/lib/reviews/kept-queue";
import { sendWaiting, useOutbox } from "@/lib/reviews/outbox";

const AHEAD = 30;

/**
 * The next cards of today, of one deck or of all; those that are kept, when the server can't be reached. Cards whose
 * grade still waits to be sent are left out.
 */
export async function getQueue(deck: string | null, signal?: AbortSignal): Promise<Queue> {
  const query = { limit: AHEAD, ...(deck ? { deck_id: deck } : {}) };
  if (useOutbox.getState().waiting.length > 0) await sendWaiting();
  const queue = await answered(api.GET("/api/v1/reviews/queue", { params: { query }, signal })).catch(async (error) => {
    const old = error instanceof Unreachable ? await keptQueue(deck) : undefined;
    if (!old) throw error;
    return old;
  });
  return useOutbox.getState().waiting.reduce((rest, { card }) => without(rest, card), queue);
}
