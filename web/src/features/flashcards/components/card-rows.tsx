"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Card } from "@/features/flashcards/api/flashcards";
import { FlagMark } from "@/features/flashcards/components/flag";
import { useIsBuried } from "@/features/flashcards/components/use-is-buried";
import { plainText } from "@/lib/card-text";
import { cn } from "@/lib/cn";
import { useKeys } from "@/lib/keys";

const ROW = 72;

type Props = {
  cards: Card[];
  chosen: ReadonlySet<string>;
  /** Further cards can be had now; `whole`: there are none. */
  more: boolean;
  whole: boolean;
  onMore: () => void;
  onOpen: (card: Card) => void;
  onToggle: (card: Card, on: boolean) => void;
};

/** Only the rows in sight are in the page. j and k move, Enter opens, x chooses. */
export function CardRows({ cards, chosen, more, whole, onMore, onOpen, onToggle }: Props) {
  const t = useTranslations("flashcards");
  const [at, setAt] = useState(-1);
  const place = useRef<HTMLUListElement>(null);
  const [top, setTop] = useState(0);
  useEffect(() => setTop(place.current?.offsetTop ?? 0), [cards.length]);
  const rows = useWindowVirtualizer({
    count: cards.length,
    estimateSize: () => ROW,
    overscan: 8,
    gap: 6,
    scrollMargin: top,
    getItemKey: (index) => cards[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  const latest = useRef(onMore);
  useEffect(() => {
    latest.current = onMore;
  });
  useEffect(() => {
    if (more && last >= cards.length - 30) latest.current();
  }, [more, last, cards.length]);

  const move = (by: number) => {
    const next = Math.max(0, Math.min(cards.length - 1, at + by));
    setAt(next);
    rows.scrollToIndex(next, { align: "auto" });
  };
  const current = cards[at];
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: current && (() => onOpen(current)),
    x: current && (() => onToggle(current, !chosen.has(current.id))),
  });
  return (
    <ul ref={place} aria-label={t("cards")} className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.map((item) => {
        const card = cards[item.index]!;
        return (
          <li
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            aria-setsize={whole ? cards.length : -1}
            aria-posinset={item.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <Row card={card} current={item.index === at} chosen={chosen.has(card.id)} onOpen={() => onOpen(card)} onToggle={(on) => onToggle(card, on)} />
          </li>
        );
      })}
    </ul>
  );
}

type RowProps = { card: Card; current: boolean; chosen: boolean; onOpen: () => void; onToggle: (on: boolean) => void };

function Row({ card, current, chosen, onOpen, onToggle }: RowProps) {
  const t = useTranslations("flashcards");
  const format = useFormatter();
  const front = plainText(card.front);
  const buried = useIsBuried(card);
  const due = card.due_on && format.dateTime(new Date(`${card.due_on}T12:00:00Z`), { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
  return (
    <div className={cn("flex items-center gap-1 rounded-card border py-2 pr-3", current ? "border-accent" : "border-line", chosen ? "bg-accent-soft" : "bg-surface")}>
      <label className="grid size-11 shrink-0 cursor-pointer place-items-center">
        <input type="checkbox" aria-label={t("chooseNamed", { front })} checked={chosen} onChange={(event) => onToggle(event.target.checked)} className="size-5 accent-accent" />
      </label>
      <div className="min-w-0 flex-1">
        <button type="button" onClick={onOpen} className={cn("block max-w-full truncate rounded text-left font-medium", card.suspended && "text-muted")}>
          {front}
        </button>
        <p className="truncate text-sm text-muted">{plainText(card.back)}</p>
      </div>
      <FlagMark flag={card.flag} className="shrink-0" />
      <p className={cn("shrink-0 text-right text-sm", card.suspended || buried ? "text-warn" : "text-muted")}>
        {card.suspended ? t("states.suspended") : buried ? t("states.buried") : (due ?? t("states.new"))}
      </p>
    </div>
  );
}
