import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { refetchMessages } from "@/features/tutor/api/list-messages";
import { stop } from "@/features/tutor/api/stop";
import { messagesKey, threadListKey, type Message, type Mode, type Problem } from "@/features/tutor/api/tutor";
import type { ApiProblem } from "@/lib/api/problem";
import { onLogout } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import type { Listener } from "@/lib/socket/answers";
import { socket } from "@/lib/socket/socket";

/** A question that was sent, until the server's list of messages has it. `fresh`: it has just begun its thread. */
export type Question = {
  id: string;
  thread: string | null;
  text: string;
  messageId: string | null;
  fresh: boolean;
  stopped: boolean;
};

/** An answer as it comes in; at its end, until the server's list has it, `message` or `problem`. */
export type LiveAnswer = { text: string; message: Message | null; problem: Problem | null };

type Live = { questions: Question[]; answers: Record<string, LiveAnswer>; spoken: string };

const NOTHING: Live = { questions: [], answers: {}, spoken: "" };
export const useLive = create<Live>(() => NOTHING);
onLogout(() => useLive.setState(NOTHING));

const EMPTY: LiveAnswer = { text: "", message: null, problem: null };

function change(messageId: string, part: Partial<LiveAnswer>): void {
  useLive.setState(({ answers }) => ({ answers: { ...answers, [messageId]: { ...EMPTY, ...answers[messageId], ...part } } }));
}

function changeQuestion(id: string, part: Partial<Question>): void {
  useLive.setState(({ questions }) => ({ questions: questions.map((one) => (one.id === id ? { ...one, ...part } : one)) }));
}

/** At most one change of the page for each of its frames, however many pieces come; none waits in a hidden tab. */
function perFrame(show: (text: string) => void): (text: string) => void {
  let latest = "";
  let planned = false;
  return (text) => {
    latest = text;
    if (document.hidden) return show(latest);
    if (planned) return;
    planned = true;
    requestAnimationFrame(() => {
      planned = false;
      show(latest);
    });
  };
}

function listener(queries: QueryClient, thread: string, messageId: string): Listener {
  let ended = false;
  const end = async (part: Partial<LiveAnswer>) => {
    ended = true;
    change(messageId, part);
    useLive.setState({ spoken: part.message?.content ?? "" });
    void queries.invalidateQueries({ queryKey: threadListKey });
    // A list that was asked for earlier would still show the answer as under way.
    await queries.cancelQueries({ queryKey: messagesKey(thread) });
    await refetchMessages(queries, thread);
    useLive.setState(({ questions, answers }) => {
      const { [messageId]: _listed, ...rest } = answers;
      return { answers: rest, questions: questions.filter((one) => one.messageId !== messageId) };
    });
  };
  // Where the list can't be had, what is shown stays until it can.
  const settle = (part: Partial<LiveAnswer>) => void end(part).catch(() => undefined);
  return {
    onText: perFrame((text) => void (ended || change(messageId, { text }))),
    onEnd: (message) => settle({ message, text: message.content }),
    onFault: (problem) => settle({ problem }),
  };
}

export type Wish = { thread: string | null; text: string; mode: Mode; sources: string[] };

/** Ask; the question stands in the conversation at once. */
export function ask(
  queries: QueryClient,
  { thread, text, mode, sources }: Wish,
  told: { onTaken: (thread: string) => void; onRefused: (error: ApiProblem) => void },
): void {
  const id = newId();
  const question: Question = { id, thread, text, messageId: null, fresh: thread === null, stopped: false };
  useLive.setState(({ questions }) => ({ questions: [...questions, question], spoken: "" }));
  socket.ask(
    { type: "chat", id, message: text, thread_id: thread, mode, document_ids: sources },
    {
      onTaken: (taken, messageId) => {
        changeQuestion(id, { thread: taken, messageId });
        change(messageId, {});
        void queries.invalidateQueries({ queryKey: threadListKey });
        if (useLive.getState().questions.find((one) => one.id === id)?.stopped) void stop(messageId);
        told.onTaken(taken);
        return listener(queries, taken, messageId);
      },
      onRefused: (error) => {
        useLive.setState(({ questions }) => ({ questions: questions.filter((one) => one.id !== id) }));
        told.onRefused(error);
      },
    },
  );
}

/** Hear the rest of an answer that was under way when the page was opened. */
export function listen(queries: QueryClient, message: Message): void {
  if (useLive.getState().answers[message.id]) return;
  change(message.id, { text: message.content });
  socket.follow(message.id, listener(queries, message.thread_id, message.id));
}

/** Stop a question that may not even have reached the server. */
export function stopQuestion(question: Question): Promise<void> {
  if (question.messageId) return stop(question.messageId);
  changeQuestion(question.id, { stopped: true });
  return Promise.resolve();
}

/** The address names the thread now: its question is one like the others. */
export function settled(thread: string): void {
  const { questions } = useLive.getState();
  if (!questions.some((one) => one.fresh && one.thread === thread)) return;
  useLive.setState({ questions: questions.map((one) => (one.thread === thread ? { ...one, fresh: false } : one)) });
}
