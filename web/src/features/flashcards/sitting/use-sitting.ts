"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef, useState } from "react";
import { FLASHCARDS, type Card, type Rating } from "@/features/flashcards/api/flashcards";
import { getQueue } from "@/features/flashcards/api/get-queue";
import { undoReview } from "@/features/flashcards/api/undo-review";
import * as moves from "@/features/flashcards/sitting/sitting";
import { ApiProblem } from "@/lib/api/problem";
import { newId } from "@/lib/ids";
import { submit, takeBack } from "@/lib/reviews/outbox";

/** Below so many cards in hand, more are fetched. */
const FEW = 8;

export type Trouble = { kind: "failed" | "stale" | "leech"; error: unknown };

type Options = { deck: string | null; onTrouble: (trouble: Trouble) => void };

/** The cards of today, one after the other. Grades are sent one by one behind the student's back. */
export function useSitting({ deck, onTrouble }: Options) {
  const queries = useQueryClient();
  const [sitting, setSitting] = useState<moves.Sitting | null>(null);
  const [fault, setFault] = useState<Error | null>(null);
  const [sending, setSending] = useState(0);
  const now = useRef<moves.Sitting | null>(null);
  const line = useRef<Promise<void>>(Promise.resolve());
  const onTheirWay = useRef(new Map<string, number>());
  const reviews = useRef(new Map<string, string>());
  const versions = useRef(new Map<string, number>());
  const trouble = useRef(onTrouble);
  const shownAt = useRef(0);
  useEffect(() => {
    trouble.current = onTrouble;
  });

  const move = useCallback((change: (sitting: moves.Sitting) => moves.Sitting) => {
    if (!now.current) return;
    const front = now.current.items[0]?.card.id;
    now.current = change(now.current);
    if (now.current.items[0]?.card.id !== front) shownAt.current = performance.now();
    setSitting(now.current);
  }, []);

  /** Until what was done to a card is through, the server's word about it may be old. */
  const hold = useCallback((id: string, by: 1 | -1) => {
    const holds = (onTheirWay.current.get(id) ?? 0) + by;
    if (holds > 0) onTheirWay.current.set(id, holds);
    else onTheirWay.current.delete(id);
  }, []);

  const fetchMore = useCallback(async () => {
    const before = [...onTheirWay.current.keys()];
    const queue = await getQueue(deck);
    const away = new Set([...before, ...onTheirWay.current.keys()]);
    for (const { card } of queue.items) if (!away.has(card.id)) versions.current.set(card.id, card.version);
    if (now.current) return move((sitting) => moves.refill(sitting, queue, away));
    now.current = moves.begin(queue);
    shownAt.current = performance.now();
    setSitting(now.current);
  }, [deck, move]);

  const load = useCallback(() => {
    setFault(null);
    fetchMore().catch(setFault);
  }, [fetchMore]);
  useEffect(load, [load]);
  useEffect(() => () => void queries.invalidateQueries({ queryKey: FLASHCARDS }), [queries]);

  /** What goes to the server goes in the order in which it was done. */
  const inLine = useCallback(
    (work: () => Promise<void>) => {
      setSending((count) => count + 1);
      line.current = line.current.then(work).finally(async () => {
        if ((now.current?.items.length ?? 0) < FEW) await fetchMore().catch(setFault);
        setSending((count) => count - 1);
      });
    },
    [fetchMore],
  );

  const send = useCallback(
    async ({ key, item, rating, tookMs }: moves.Given) => {
      const id = item.card.id;
      try {
        const version = versions.current.get(id) ?? item.card.version;
        const reviewed = await submit({ card: id, version, rating, tookMs, key });
        // Without one it waits for the server, and all goes on.
        if (!reviewed) return;
        reviews.current.set(key, reviewed.review.id);
        versions.current.set(id, reviewed.card.version);
        if (reviewed.card.suspended) trouble.current({ kind: "leech", error: null });
      } catch (error) {
        const stale = error instanceof ApiProblem && error.code === "stale_card";
        move((sitting) => moves.takeBack(sitting, key, { atOnce: false }));
        trouble.current({ kind: stale ? "stale" : "failed", error });
        if (stale) await reload(id);
      } finally {
        hold(id, -1);
      }
    },
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `reload` is made below of the same parts
    [hold, move],
  );

  /** A card is another one by now: show what the server has, or leave it out when it isn't to be seen today. */
  async function reload(id: string): Promise<void> {
    const queue = await getQueue(deck).catch(() => null);
    if (!queue) return;
    const there = queue.items.find(({ card }) => card.id === id);
    if (there) versions.current.set(id, there.card.version);
    move((sitting) => {
      if (!there) return moves.replaceCard(sitting, id, null);
      return { ...sitting, items: sitting.items.map((item) => (item.card.id === id ? there : item)) };
    });
  }

  const reveal = useCallback(() => move(moves.reveal), [move]);

  const grade = useCallback(
    (rating: Rating) => {
      const current = now.current;
      const item = current?.items[0];
      if (!current?.revealed || !item) return;
      const tookMs = Math.min(86_400_000, Math.round(performance.now() - shownAt.current));
      const given = { key: newId(), item, rating, tookMs, kind: moves.kindOf(item.card, current.day) };
      hold(item.card.id, 1);
      move((sitting) => moves.grade(sitting, given));
      inLine(() => send(given));
    },
    [hold, inLine, move, send],
  );

  const undo = useCallback(() => {
    const last = now.current?.given.at(-1);
    if (!last) return;
    const id = last.item.card.id;
    hold(id, 1);
    move((sitting) => moves.takeBack(sitting, last.key, { atOnce: true }));
    inLine(async () => {
      try {
        const review = reviews.current.get(last.key) ?? (await takeBack(last.key, last.item))?.review.id;
        // Without one the server never had it: there is nothing to take back there.
        if (!review) return;
        const card = await undoReview(review);
        versions.current.set(id, card.version);
        move((sitting) => moves.replaceCard(sitting, id, card));
      } catch (error) {
        trouble.current({ kind: "failed", error });
        await reload(id);
      } finally {
        hold(id, -1);
      }
    });
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `reload` is made of the same parts
  }, [hold, inLine, move]);

  const changed = useCallback(
    (id: string, card: Card | null) => {
      if (card) versions.current.set(id, card.version);
      move((sitting) => moves.replaceCard(sitting, id, card));
      inLine(async () => undefined);
    },
    [inLine, move],
  );

  return { sitting, fault, settling: sending > 0, load, reveal, grade, undo, changed };
}
