import type { components } from "@/lib/api/schema";
import { useSession } from "@/lib/auth/session";
import { keep, kept } from "@/lib/offline/kept";

type Queue = components["schemas"]["QueueOut"];
type Item = components["schemas"]["QueuedCardOut"];

/** The name under which the cards of today are kept, those of all decks. */
export const KEPT_QUEUE = "review-queue";

const kindOf = ({ card }: Item) => (card.due_on === null ? "new" : "due");

/** The cards of one deck, or all; counts are of what is kept. */
export function queueOf(queue: Queue, deck: string | null): Queue {
  if (deck === null) return queue;
  const items = queue.items.filter(({ card }) => card.deck_id === deck);
  const fresh = items.filter((item) => kindOf(item) === "new").length;
  return { ...queue, items, counts: { new: fresh, due: items.length - fresh, total: items.length } };
}

/** A card was graded: it leaves the queue and the counts. */
export function without(queue: Queue, card: string): Queue {
  const item = queue.items.find((one) => one.card.id === card);
  if (!item) return queue;
  const kind = kindOf(item);
  const counts = { ...queue.counts, [kind]: queue.counts[kind] - 1, total: queue.counts.total - 1 };
  return { ...queue, items: queue.items.filter((one) => one !== item), counts };
}

/** A grade was taken back: its card is the next one again. */
export function withFirst(queue: Queue, item: Item): Queue {
  if (queue.items.some(({ card }) => card.id === item.card.id)) return queue;
  const kind = kindOf(item);
  const counts = { ...queue.counts, [kind]: queue.counts[kind] + 1, total: queue.counts.total + 1 };
  return { ...queue, items: [item, ...queue.items], counts };
}

export async function keptQueue(deck: string | null): Promise<Queue | undefined> {
  const person = useSession.getState().user?.id;
  const queue = person ? await kept<Queue>(person, KEPT_QUEUE) : undefined;
  return queue && queueOf(queue, deck);
}

export async function changeKeptQueue(change: (queue: Queue) => Queue): Promise<void> {
  const person = useSession.getState().user?.id;
  const queue = await keptQueue(null);
  if (person && queue) await keep(person, { [KEPT_QUEUE]: change(queue) });
}
