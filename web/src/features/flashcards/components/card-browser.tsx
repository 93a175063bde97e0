"use client";

import { Layers } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { CARD_ORDERS, CARD_STATES, type Card, type CardFilters, type Deck } from "@/features/flashcards/api/flashcards";
import { useCards } from "@/features/flashcards/api/list-cards";
import { BulkBar } from "@/features/flashcards/components/bulk-bar";
import { CardRows } from "@/features/flashcards/components/card-rows";
import { FLAGS } from "@/features/flashcards/components/flag";
import { useSettled } from "@/lib/settled";

const STATES = [...CARD_STATES, "buried", "suspended"] as const;
type Shown = (typeof STATES)[number] | "";

function filterOf(shown: Shown): CardFilters {
  if (shown === "") return {};
  return shown === "suspended" || shown === "buried" ? { [shown]: true } : { state: shown };
}

type Props = { deck: Deck; onOpen: (card: Card) => void; onAdd: () => void; onPropose: () => void };

/** The cards of a deck: found, filtered, chosen, and changed many at a time. */
export function CardBrowser({ deck, onOpen, onAdd, onPropose }: Props) {
  const t = useTranslations("flashcards");
  const [q, setQ] = useState("");
  const [shown, setShown] = useState<Shown>("");
  const [tag, setTag] = useState("");
  const [flag, setFlag] = useState("");
  const [sort, setSort] = useState<(typeof CARD_ORDERS)[number]>("created_at");
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const sought = useSettled(q.trim());
  const tagged = useSettled(tag.trim());
  const filters: CardFilters = {
    sort,
    ...(sought && { q: sought }),
    ...(tagged && { tag: tagged }),
    ...filterOf(shown),
    ...(flag && { flag: Number(flag) }),
  };
  const list = useCards(deck.id, filters);
  const cards = (list.data?.pages ?? []).flatMap((page) => page.items);
  const picked = cards.filter((card) => chosen.has(card.id));
  const bare = !sought && !tagged && !shown && !flag;

  const toggle = (ids: string[], on: boolean) => {
    const next = new Set(chosen);
    for (const id of ids) {
      if (on) next.add(id);
      else next.delete(id);
    }
    setChosen(next);
  };

  if (list.data && cards.length === 0 && bare) {
    return (
      <div className="mt-4">
        <EmptyState
          icon={Layers}
          title={t("noCardsTitle")}
          action={
            <div className="flex flex-wrap justify-center gap-2">
              <Button tone="accent" onClick={onAdd}>{t("addCard")}</Button>
              <Button onClick={onPropose}>{t("fromDocument")}</Button>
            </div>
          }
        >
          {t("noCardsText")}
        </EmptyState>
      </div>
    );
  }
  return (
    <>
      <div className="mb-3 mt-4 flex flex-wrap gap-2">
        <Input type="search" aria-label={t("searchCards")} placeholder={t("searchCards")} value={q} maxLength={200} onChange={(event) => setQ(event.target.value)} className="h-10 min-w-40 flex-[2]" />
        <Input type="search" aria-label={t("tag")} placeholder={t("tag")} value={tag} maxLength={50} onChange={(event) => setTag(event.target.value)} className="h-10 w-28 flex-1" />
        <Select aria-label={t("state")} value={shown} onChange={(event) => setShown(event.target.value as Shown)} className="h-10 w-auto flex-1 sm:flex-none">
          <option value="">{t("anyState")}</option>
          {STATES.map((state) => (
            <option key={state} value={state}>
              {t(`states.${state}`)}
            </option>
          ))}
        </Select>
        <Select aria-label={t("flag")} value={flag} onChange={(event) => setFlag(event.target.value)} className="h-10 w-auto flex-1 sm:flex-none">
          <option value="">{t("anyFlag")}</option>
          {FLAGS.map((one) => (
            <option key={one} value={one}>
              {t(`flags.${one}`)}
            </option>
          ))}
        </Select>
        <Select aria-label={t("sort")} value={sort} onChange={(event) => setSort(event.target.value as typeof sort)} className="h-10 w-auto max-w-full flex-1 sm:flex-none">
          {CARD_ORDERS.map((order) => (
            <option key={order} value={order}>
              {t(`orders.${order}`)}
            </option>
          ))}
        </Select>
      </div>
      {list.isPending && <ListSkeleton />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && cards.length === 0 && (
        <EmptyState icon={Layers} title={t("noneTitle")}>
          {t("noneText")}
        </EmptyState>
      )}
      {cards.length > 0 && (
        <>
          <BulkBar deck={deck.id} loaded={cards} picked={picked} onPick={toggle} />
          <CardRows
            cards={cards}
            chosen={chosen}
            more={list.hasNextPage && !list.isFetchingNextPage}
            whole={!list.hasNextPage}
            onMore={() => void list.fetchNextPage()}
            onOpen={onOpen}
            onToggle={(card, on) => toggle([card.id], on)}
          />
        </>
      )}
    </>
  );
}
