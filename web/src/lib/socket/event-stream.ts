import { accessToken, refreshed } from "@/lib/auth/tokens";
import type { Answers } from "@/lib/socket/answers";
import type { ChatDelta, ChatError, ChatResponse } from "@/lib/socket/frames";

const KINDS = new Set<string>(["chat-delta", "chat-response", "chat-error"]);
const RETRY_MS = 2_000;

/** Frames out of the text of an event stream (WHATWG HTML, 9.2), and what is left over of a broken-off event. */
export function eventsIn(text: string): { frames: (ChatDelta | ChatResponse | ChatError)[]; rest: string } {
  const events = text.replaceAll("\r\n", "\n").split("\n\n");
  const rest = events.pop() ?? "";
  return { frames: events.flatMap(frameOf), rest };
}

function frameOf(event: string): (ChatDelta | ChatResponse | ChatError)[] {
  const lines = event.split("\n");
  const field = (name: string) => lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2));
  const kind = field("event")[0] ?? "";
  if (!KINDS.has(kind)) return [];
  return [{ id: null, ...(JSON.parse(field("data").join("\n")) as object), type: kind } as unknown as ChatDelta];
}

async function stream(messageId: string, afterSeq: number): Promise<Response> {
  const token = accessToken() ?? (await refreshed(null));
  const get = (bearer: string | null) =>
    fetch(`/api/v1/messages/${messageId}/events?after_seq=${afterSeq}`, { headers: { Authorization: `Bearer ${bearer}` } });
  const response = await get(token);
  return response.status === 401 ? get(await refreshed(token)) : response;
}

/** Follow an answer as server-sent events, again after each break, until it is at its end or nobody follows it. */
export async function followEvents(messageId: string, afterSeq: number, answers: Answers): Promise<void> {
  let last = afterSeq;
  while (answers.has(messageId)) {
    try {
      const response = await stream(messageId, last);
      if (response.status === 401 || response.status === 404) return answers.forget(messageId);
      if (response.ok) await pass(response, answers);
    } catch {
      // The network broke off; what follows asks again from the last piece.
    }
    last = answers.places().find((place) => place.messageId === messageId)?.last ?? last;
    if (answers.has(messageId)) await new Promise((next) => setTimeout(next, RETRY_MS));
  }
}

async function pass(response: Response, answers: Answers): Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const heard = eventsIn(rest + value);
    rest = heard.rest;
    heard.frames.forEach((frame) => answers.take(frame));
  }
}
