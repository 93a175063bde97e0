import type { Card, Queue, QueuedCard, Rating } from "@/features/flashcards/api/flashcards";

export type Kind = "new" | "learning" | "due";
export type Counts = Record<Kind, number>;
/** A grade that was given; `key` is that of its request. */
export type Given = { key: string; item: QueuedCard; rating: Rating; tookMs: number; kind: Kind };

/** One run through the cards of a day. The first item is the one in front of the student. */
export type Sitting = {
  day: string;
  items: QueuedCard[];
  counts: Counts;
  revealed: boolean;
  given: Given[];
};

/** A card comes back today unless it was remembered well (`SETTLED` of the server's scheduler). */
const comesBack = (rating: Rating) => rating === "again" || rating === "hard";

/** What a card of the queue is: never seen, to be seen again today, or due. */
export function kindOf(card: Card, day: string): Kind {
  if (card.due_on === null) return "new";
  return card.due_on > day ? "learning" : "due";
}

export function begin(queue: Queue): Sitting {
  return { day: queue.day, items: queue.items, counts: countsOf(queue), revealed: false, given: [] };
}

function countsOf({ day, items, counts }: Queue): Counts {
  const learning = items.filter(({ card }) => kindOf(card, day) === "learning").length;
  return { new: counts.new, learning, due: counts.due - learning };
}

export function reveal(sitting: Sitting): Sitting {
  return sitting.items.length > 0 ? { ...sitting, revealed: true } : sitting;
}

/** The card in front is graded, and the next one stands there at once. */
export function grade(sitting: Sitting, given: Given): Sitting {
  const items = sitting.items.slice(1);
  return { ...sitting, items, counts: passed(sitting.counts, given, 1), revealed: false, given: [...sitting.given, given] };
}

function passed(counts: Counts, { kind, rating }: Given, times: 1 | -1): Counts {
  const changed = { ...counts, [kind]: counts[kind] - times };
  return comesBack(rating) ? { ...changed, learning: changed.learning + times } : changed;
}

/**
 * A grade is taken back, by the student or because it could not be sent: the card and the counts are as before. It
 * does not push away an answer that is being looked at, but comes right after it, unless `atOnce`.
 */
export function takeBack(sitting: Sitting, key: string, options: { atOnce: boolean }): Sitting {
  const given = sitting.given.find((one) => one.key === key);
  if (!given) return sitting;
  const others = sitting.items.filter(({ card }) => card.id !== given.item.card.id);
  const first = options.atOnce || !sitting.revealed;
  const items = first ? [given.item, ...others] : [...others.slice(0, 1), given.item, ...others.slice(1)];
  return {
    ...sitting,
    items,
    counts: passed(sitting.counts, given, -1),
    revealed: first ? false : sitting.revealed,
    given: sitting.given.filter((one) => one.key !== key),
  };
}

const staysOut = (card: Card, day: string) => card.suspended || (card.buried_until !== null && card.buried_until > day);

/** A card was edited, suspended, buried, moved or found to be another one by now; null takes it out of the queue. */
export function replaceCard(sitting: Sitting, id: string, card: Card | null): Sitting {
  const at = sitting.items.findIndex((item) => item.card.id === id);
  const held = sitting.items[at];
  if (!held) return sitting;
  if (card && !staysOut(card, sitting.day)) return { ...sitting, items: sitting.items.with(at, { ...held, card }) };
  const kind = kindOf(held.card, sitting.day);
  return {
    ...sitting,
    items: sitting.items.toSpliced(at, 1),
    counts: { ...sitting.counts, [kind]: Math.max(0, sitting.counts[kind] - 1) },
    revealed: at === 0 ? false : sitting.revealed,
  };
}

/** What the server says now. The card in front stays there; those whose grade is on its way are left out. */
export function refill(sitting: Sitting, queue: Queue, onTheirWay: ReadonlySet<string>): Sitting {
  const fresh = queue.items.filter(({ card }) => !onTheirWay.has(card.id));
  const front = sitting.items[0];
  const same = front && fresh.find(({ card }) => card.id === front.card.id);
  const items = front ? [same ?? front, ...fresh.filter(({ card }) => card.id !== front.card.id)] : fresh;
  const counts = onTheirWay.size === 0 ? countsOf(queue) : sitting.counts;
  return { ...sitting, day: queue.day, items, counts };
}
