import { answered, api } from "@/lib/api/client";
import { ApiProblem } from "@/lib/api/problem";
import type { Asked } from "@/lib/socket/client";
import type { Listener } from "@/lib/socket/answers";
import type { ChatFrame } from "@/lib/socket/frames";

const LOOK_AGAIN_MS = 300;
const LOOKS = 20;

/**
 * Ask over HTTP, for networks without WebSocket. `POST /ask` answers at the end; the answer is looked for in its
 * thread meanwhile, so that `follow` can stream it.
 */
export async function askPlainly(chat: ChatFrame, asked: Asked, follow: (id: string, listener: Listener) => void): Promise<void> {
  const { message: question, document_ids, mode } = chat;
  try {
    const thread_id = chat.thread_id ?? (await answered(api.POST("/api/v1/threads", { body: {} }))).id;
    const before = await answers(thread_id);
    let refused: unknown = null;
    const asking = answered(
      api.POST("/api/v1/ask", {
        body: { question, thread_id, document_ids, mode },
        headers: { "Idempotency-Key": chat.id },
      }),
    ).catch((error: unknown) => void (refused = error));
    const id = await newAnswer(thread_id, before.length, () => refused !== null);
    if (id) return follow(id, asked.onTaken(thread_id, id));
    const late = await asking;
    if (!late) throw refused;
    follow(late.message.id, asked.onTaken(thread_id, late.message.id));
  } catch (error) {
    const problem = { type: "about:blank", title: "", status: 503, detail: "", code: "unreachable", instance: "" };
    asked.onRefused(error instanceof ApiProblem ? error : new ApiProblem(problem));
  }
}

async function answers(thread: string): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: { limit: number; cursor?: string } = { limit: 100, ...(cursor ? { cursor } : {}) };
    const page = await answered(api.GET("/api/v1/threads/{id}/messages", { params: { path: { id: thread }, query } }));
    found.push(...page.items.filter((message) => message.role === "assistant").map((message) => message.id));
    cursor = page.next_cursor;
  }
  return found;
}

async function newAnswer(thread: string, before: number, gone: () => boolean): Promise<string | null> {
  for (let look = 0; look < LOOKS && !gone(); look += 1) {
    await new Promise((next) => setTimeout(next, LOOK_AGAIN_MS));
    const id = (await answers(thread).catch(() => []))[before];
    if (id) return id;
  }
  return null;
}
