"use client";

import { Layers } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Page } from "@/components/ui/page";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { usePublishedDecks, type PublishedDeck } from "@/features/flashcards/api/published";
import { BackToDecks } from "@/features/flashcards/components/back-to-decks";
import { useSettled } from "@/lib/settled";

/** What teachers show, to look into and to copy. */
export function PublishedDecks() {
  const t = useTranslations("sharing");
  const ui = useTranslations("ui");
  const [q, setQ] = useState("");
  const sought = useSettled(q.trim());
  const list = usePublishedDecks(sought);
  const decks = (list.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Page title={t("published")} lead={<BackToDecks />}>
      <Input type="search" aria-label={t("search")} placeholder={t("search")} value={q} maxLength={200} onChange={(event) => setQ(event.target.value)} className="mb-4" />
      {list.isPending && <ListSkeleton />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && decks.length === 0 && (
        <EmptyState icon={Layers} title={t(sought ? "noneTitle" : "emptyTitle")}>
          {t(sought ? "noneText" : "emptyText")}
        </EmptyState>
      )}
      {decks.length > 0 && (
        <ul aria-label={t("published")} className="flex flex-col gap-2.5">
          {decks.map((deck) => (
            <Row key={deck.id} deck={deck} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button className="mt-4" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </Page>
  );
}

function Row({ deck }: { deck: PublishedDeck }) {
  const t = useTranslations("sharing");
  return (
    <li className="rounded-card border border-line bg-surface px-4 py-3 sm:px-5">
      <Link
        href={`/flashcards?published=${deck.id}`}
        prefetch={false}
        className="inline-block max-w-full rounded font-medium [overflow-wrap:anywhere] hover:underline"
      >
        {deck.name}
      </Link>
      <p className="text-sm text-muted [overflow-wrap:anywhere]">
        {t(deck.mine ? "mine" : "by", { count: deck.card_count, teacher: deck.teacher })}
      </p>
    </li>
  );
}
