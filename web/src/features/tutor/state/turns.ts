import type { LiveAnswer, Question } from "@/features/tutor/state/live";
import { running, type Message } from "@/features/tutor/api/tutor";

export type Turn =
  | { kind: "question"; key: string; text: string }
  | {
      kind: "answer";
      key: string;
      /** What was asked, to ask it again or to make a card of it. */
      question: string;
      /** Null until it is at its end or the server's list has it. */
      message: Message | null;
      text: string;
      problem: string | null;
      /** What the server says about the failure. */
      detail: string;
      under: boolean;
    };

/** What was said, as the server lists it, and what is being said right now, each once and in order. */
export function turnsOf(messages: Message[], live: { questions: Question[]; answers: Record<string, LiveAnswer> }, thread: string | null): Turn[] {
  let asked = "";
  const listed = messages.map((message): Turn => {
    if (message.role === "user") {
      asked = message.content;
      return { kind: "question", key: message.id, text: message.content };
    }
    return answer(message.id, asked, live.answers[message.id], message);
  });
  const ids = new Set(messages.map((message) => message.id));
  const pending = live.questions.filter(
    (one) => (one.thread === thread || (thread === null && one.fresh)) && !(one.messageId && ids.has(one.messageId)),
  );
  return [...listed, ...pending.flatMap((one) => sent(one, live.answers))];
}

function sent(one: Question, answers: Record<string, LiveAnswer>): Turn[] {
  const live = one.messageId ? answers[one.messageId] : undefined;
  return [{ kind: "question", key: one.id, text: one.text }, answer(one.messageId ?? `${one.id}-answer`, one.text, live, null)];
}

function answer(key: string, question: string, live: LiveAnswer | undefined, listed: Message | null): Turn {
  const message = live?.message ?? (live && listed && running(listed.status) ? null : listed);
  const problem = live?.problem?.code ?? message?.problem ?? null;
  return {
    kind: "answer",
    key,
    question,
    message,
    text: message?.content ?? live?.text ?? "",
    problem,
    detail: live?.problem?.detail ?? "",
    under: problem === null && (message === null || running(message.status)),
  };
}
