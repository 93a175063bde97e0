import { createStore, del, entries, get, set, type UseStore } from "idb-keyval";
import type { Grade } from "@/lib/reviews/send-review";

/** A grade that is kept until the server has it. It names the card and says nothing of what stands on it. */
export type Waiting = Grade & {
  person: string;
  at: number;
  /** The code of the problem by which the server refused it; the student decides what becomes of it. */
  refused?: string;
};

/** Apart from what is forgotten at the log-out: reviews that were done are not lost by it. */
const database: UseStore = createStore("study-teddy-outbox", "reviews");

/** False where the browser keeps nothing. */
export async function put(waiting: Waiting): Promise<boolean> {
  return set(waiting.key, waiting, database).then(
    () => true,
    () => false,
  );
}

export function find(key: string): Promise<Waiting | undefined> {
  return get<Waiting>(key, database).catch(() => undefined);
}

export function remove(key: string): Promise<void> {
  return del(key, database).catch(() => undefined);
}

/** A person's grades in the order in which they were given. */
export async function allOf(person: string): Promise<Waiting[]> {
  const rows = await entries<string, Waiting>(database).catch(() => []);
  return rows
    .map(([, waiting]) => waiting)
    .filter((waiting) => waiting.person === person)
    .sort((one, other) => one.at - other.at);
}
