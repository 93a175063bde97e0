import { clear, createStore, del, entries, get, setMany, type UseStore } from "idb-keyval";

/** What the server said, kept on this device for times without it, for one person and until the log-out. */
const database: UseStore = createStore("study-teddy", "kept");

type Kept = { at: number; value: unknown };

const PERSON = "person";
const LONGEST_MS = 14 * 86_400_000;

const placeOf = (person: string, name: string) => `${person}/${name}`;

/** Storage may be full or forbidden: then nothing is kept, and being offline shows it. */
async function tolerantly<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

export async function keep(person: string, values: Record<string, unknown>): Promise<void> {
  const at = Date.now();
  const rows = Object.entries(values).map(([name, value]): [string, Kept] => [placeOf(person, name), { at, value }]);
  await tolerantly(() => setMany(rows, database));
}

export async function kept<T>(person: string, name: string): Promise<T | undefined> {
  const row = await tolerantly(() => get<Kept>(placeOf(person, name), database));
  return row?.value as T | undefined;
}

/** Who was logged in here, so that a start without the server knows whose things to show. */
export async function keepPerson(user: { id: string }): Promise<void> {
  await tolerantly(() => setMany([[PERSON, { at: Date.now(), value: user }]], database));
}

export async function keptPerson<User>(): Promise<User | undefined> {
  const row = await tolerantly(() => get<Kept>(PERSON, database));
  return row?.value as User | undefined;
}

export async function forgetOld(now: number): Promise<void> {
  await tolerantly(async () => {
    const rows = await entries<string, Kept>(database);
    const old = rows.filter(([name, { at }]) => name !== PERSON && now - at > LONGEST_MS);
    await Promise.all(old.map(([name]) => del(name, database)));
  });
}

export async function forgetKept(): Promise<void> {
  await tolerantly(() => clear(database));
}
