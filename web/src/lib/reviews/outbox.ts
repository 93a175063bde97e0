import { create } from "zustand";
import { answered, api } from "@/lib/api/client";
import { ApiProblem, Unreachable } from "@/lib/api/problem";
import { useSession } from "@/lib/auth/session";
import { newId } from "@/lib/ids";
import { changeKeptQueue, withFirst, without } from "@/lib/reviews/kept-queue";
import { allOf, find, put, remove, type Waiting } from "@/lib/reviews/outbox-store";
import { sendReview, type Grade, type Reviewed } from "@/lib/reviews/send-review";
import type { components } from "@/lib/api/schema";

type Item = components["schemas"]["QueuedCardOut"];

/** Refusals that time heals: the grade waits on. */
const PASSING = new Set([401, 403, 408, 425, 429, 500, 502, 503, 504]);

/** The grades of the person who is logged in that the server does not have yet. */
export const useOutbox = create<{ waiting: Waiting[]; refused: Waiting[] }>(() => ({ waiting: [], refused: [] }));

/** What became of grades that went out later, by their key. */
const later = new Map<string, Reviewed>();
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("outbox");
if (channel) channel.onmessage = () => void look();

const personNow = () => useSession.getState().user?.id;

/** Look at what is kept, for the banner to tell. */
export async function look(): Promise<void> {
  const person = personNow();
  const all = person ? await allOf(person) : [];
  useOutbox.setState({ waiting: all.filter((one) => !one.refused), refused: all.filter((one) => one.refused) });
}

async function changed(): Promise<void> {
  channel?.postMessage("changed");
  await look();
}

/** Tabs take turns, so that a grade is on its way once. */
async function inTurn<T>(action: () => Promise<T>): Promise<T> {
  return "locks" in navigator ? await navigator.locks.request("outbox", action) : await action();
}

/**
 * Send a grade, or keep it for later when the server can't be reached (null). It is written down before it is sent, so
 * a closed tab loses none; a refusal is thrown, and the grade is the caller's again.
 */
export async function submit(grade: Grade): Promise<Reviewed | null> {
  const person = personNow();
  const held = person !== undefined && (await put({ ...grade, person, at: Date.now() }));
  const outcome = await inTurn(async () => {
    const done = later.get(grade.key);
    if (done) return done;
    try {
      const reviewed = await sendReview(grade);
      await remove(grade.key);
      return reviewed;
    } catch (error) {
      if (held && error instanceof Unreachable) return null;
      await remove(grade.key);
      throw error;
    }
  });
  await changeKeptQueue((queue) => without(queue, grade.card));
  if (!outcome) await changed();
  return outcome;
}

/** Take a grade back that waits. The review it became, if it was sent meanwhile; null if it is gone now. */
export async function takeBack(key: string, item: Item): Promise<Reviewed | null> {
  return inTurn(async () => {
    await remove(key);
    await changeKeptQueue((queue) => withFirst(queue, item));
    await changed();
    return later.get(key) ?? null;
  });
}

/** Send what waits, in the order in which it was done, until the server can't be reached; how many it has now. */
export async function sendWaiting(): Promise<number> {
  const person = personNow();
  if (!person) return 0;
  const sent = await inTurn(async () => {
    let count = 0;
    for (const waiting of await allOf(person)) {
      if (waiting.refused) continue;
      const outcome = await deliver(waiting);
      if (outcome === "wait") break;
      count += Number(outcome === "sent");
    }
    return count;
  });
  await changed();
  return sent;
}

async function deliver(waiting: Waiting): Promise<"sent" | "refused" | "wait"> {
  const { key } = waiting;
  try {
    later.set(key, await sendReview(waiting));
  } catch (error) {
    if (!(error instanceof ApiProblem) || PASSING.has(error.status) || error.code === "in_progress") return "wait";
    // The review counts, only its answer got lost on the way.
    if (error.code !== "already_done") {
      await put({ ...waiting, refused: error.code });
      return "refused";
    }
  }
  await remove(key);
  return "sent";
}

/** The student wants a refused grade to count for the card as it is now. */
export async function sendAnyway(waiting: Waiting): Promise<void> {
  const card = await answered(api.GET("/api/v1/cards/{id}", { params: { path: { id: waiting.card } } }));
  const anew: Waiting = { ...waiting, key: newId(), version: card.version };
  delete anew.refused;
  await inTurn(async () => {
    if (!(await find(waiting.key))) return;
    await put(anew);
    await remove(waiting.key);
  });
  await sendWaiting();
}

export async function discard(waiting: Waiting): Promise<void> {
  await remove(waiting.key);
  await changed();
}
