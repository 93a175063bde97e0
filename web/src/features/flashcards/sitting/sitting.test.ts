import { expect, test } from "vitest";
import type { Queue, QueuedCard } from "@/features/flashcards/api/flashcards";
import { begin, grade, kindOf, refill, replaceCard, reveal, takeBack, type Given } from "@/features/flashcards/sitting/sitting";

const DAY = "2026-03-02";

function item(id: string, due: string | null): QueuedCard {
  return { card: { id, due_on: due, version: 1, suspended: false }, preview: {} } as unknown as QueuedCard;
}

const QUEUE: Queue = {
  day: DAY,
  items: [item("due", "2026-03-01"), item("again", "2026-03-03"), item("new", null)],
  counts: { new: 1, due: 2, total: 3 },
};

function given(sitting: ReturnType<typeof begin>, rating: Given["rating"]): Given {
  const front = sitting.items[0]!;
  return { key: front.card.id, item: front, rating, tookMs: 10, kind: kindOf(front.card, DAY) };
}

const fronts = ({ items }: { items: QueuedCard[] }) => items.map(({ card }) => card.id);

test("cards that are to be seen again today are counted apart from the due ones", () => {
  expect(begin(QUEUE).counts).toEqual({ new: 1, learning: 1, due: 1 });
});

test("a card graded Again is learning from then on, and taking it back undoes just that", () => {
  const start = reveal(begin(QUEUE));
  const after = grade(start, given(start, "again"));
  expect([fronts(after), after.counts, after.revealed]).toEqual([["again", "new"], { new: 1, learning: 2, due: 0 }, false]);
  const back = takeBack(after, "due", { atOnce: true });
  expect([fronts(back), back.counts, back.given]).toEqual([["due", "again", "new"], { new: 1, learning: 1, due: 1 }, []]);
});

test("a card whose grade was lost does not push away an answer that is being looked at", () => {
  const start = reveal(begin(QUEUE));
  const after = reveal(grade(start, given(start, "good")));
  const back = takeBack(after, "due", { atOnce: false });
  expect([fronts(back), back.revealed]).toEqual([["again", "due", "new"], true]);
});

test("fresh cards leave the one in front alone and those out that are on their way", () => {
  const start = reveal(begin(QUEUE));
  const after = reveal(grade(start, given(start, "again")));
  const filled = refill(after, { ...QUEUE, items: [item("other", null), ...QUEUE.items] }, new Set(["due"]));
  expect([fronts(filled), filled.revealed]).toEqual([["again", "other", "new"], true]);
});

test("a suspended card leaves the queue and the counts", () => {
  const start = begin(QUEUE);
  const left = replaceCard(start, "due", { ...start.items[0]!.card, suspended: true });
  expect([fronts(left), left.counts.due]).toEqual([["again", "new"], 0]);
});

test("a buried card leaves the queue and the counts, one that came up again stays", () => {
  const start = begin(QUEUE);
  const left = replaceCard(start, "due", { ...start.items[0]!.card, buried_until: "2026-03-03" });
  expect([fronts(left), left.counts.due]).toEqual([["again", "new"], 0]);
  const stays = replaceCard(start, "due", { ...start.items[0]!.card, buried_until: DAY });
  expect([fronts(stays), stays.counts.due]).toEqual([["due", "again", "new"], 1]);
});
