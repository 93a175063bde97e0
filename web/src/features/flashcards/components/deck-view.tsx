"use client";

import { Play, Plus, Settings2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Page } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { useDeck } from "@/features/flashcards/api/get-deck";
import { useProposals } from "@/features/flashcards/api/list-proposals";
import { AddCard } from "@/features/flashcards/components/add-card";
import { BackToDecks } from "@/features/flashcards/components/back-to-decks";
import { CardBrowser } from "@/features/flashcards/components/card-browser";
import { CardSheet } from "@/features/flashcards/components/card-sheet";
import { DeckForm } from "@/features/flashcards/components/deck-form";
import { DeckMenu } from "@/features/flashcards/components/deck-menu";
import { DeckCounts } from "@/features/flashcards/components/deck-list";
import { Proposals } from "@/features/flashcards/components/proposals";
import { useParam } from "@/lib/nav";

const ImportCards = dynamic(() => import("@/features/flashcards/components/import-cards").then((module) => module.ImportCards), { ssr: false });

/** One deck: its cards, and those that wait to become some. */
export function DeckView({ id }: { id: string }) {
  const t = useTranslations("flashcards");
  const deck = useDeck(id);
  if (deck.data) return <Inside deck={deck.data} />;
  return (
    <Page title={t("heading")} lead={<BackToDecks />}>
      {deck.isError ? <ErrorState error={deck.error} onRetry={() => void deck.refetch()} /> : <ListSkeleton />}
    </Page>
  );
}

function Inside({ deck }: { deck: Deck }) {
  const t = useTranslations("flashcards");
  const [card, openCard] = useParam("card");
  const [view, setView] = useParam("view");
  const [adding, setAdding] = useState(false);
  const [settings, setSettings] = useState(false);
  const [bringing, setBringing] = useState(false);
  const waiting = useProposals(deck.id);
  const count = (waiting.data?.pages ?? []).reduce((sum, page) => sum + page.items.length, 0);
  const shown = view === "proposals" ? "proposals" : "cards";
  return (
    <Page
      title={<span className="[overflow-wrap:anywhere]">{deck.name}</span>}
      lead={<DeckLead deck={deck} />}
      action={
        <div className="flex flex-wrap gap-2">
          <DeckMenu deck={deck} onImport={() => setBringing(true)} />
          <Button tone="quiet" size="icon" aria-label={t("deckSettings")} onClick={() => setSettings(true)}>
            <Settings2 aria-hidden />
          </Button>
          <Button onClick={() => setAdding(true)}>
            <Plus aria-hidden /> {t("addCard")}
          </Button>
          {deck.counts.new + deck.counts.due > 0 && (
            <Button asChild tone="accent">
              <Link href={`/flashcards?deck=${deck.id}&mode=review`} prefetch={false}>
                <Play aria-hidden /> {t("review")}
              </Link>
            </Button>
          )}
        </div>
      }
    >
      <Tabs
        label={t("show")}
        value={shown}
        onChange={(value) => setView(value === "cards" ? null : value, { replace: true })}
        choices={[
          { value: "cards", label: t("cards") },
          { value: "proposals", label: count > 0 ? t("proposalsCount", { count: waiting.hasNextPage ? `${count}+` : String(count) }) : t("proposals") },
        ]}
      />
      {shown === "cards" ? (
        <CardBrowser deck={deck} onOpen={(chosen) => openCard(chosen.id)} onAdd={() => setAdding(true)} onPropose={() => setView("proposals", { replace: true })} />
      ) : (
        <Proposals deck={deck.id} />
      )}
      {adding && <AddCard deck={deck.id} onClose={() => setAdding(false)} />}
      {bringing && <ImportCards deck={deck.id} onClose={() => setBringing(false)} />}
      {settings && <DeckForm deck={deck} onClose={() => setSettings(false)} />}
      {card && <CardSheet id={card} onClose={() => openCard(null)} />}
    </Page>
  );
}

function DeckLead({ deck }: { deck: Deck }) {
  return (
    <span className="flex flex-col gap-1">
      <BackToDecks />
      {deck.description && <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{deck.description}</span>}
      <DeckCounts counts={deck.counts} />
    </span>
  );
}
