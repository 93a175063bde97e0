"use client";

import { Ellipsis, Globe, Layers, Play, Plus, Settings2, Trash2 } from "lucide-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { Page } from "@/components/ui/page";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useDeleteDeck } from "@/features/flashcards/api/delete-deck";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { useDecks } from "@/features/flashcards/api/list-decks";
import { ConfirmDelete } from "@/features/flashcards/components/confirm";
import { DeckForm } from "@/features/flashcards/components/deck-form";
import { usePublishing } from "@/features/flashcards/components/use-publishing";
import { useParam } from "@/lib/nav";

const FromDocument = dynamic(() => import("@/features/flashcards/components/from-document").then((module) => module.FromDocument), { ssr: false });

/** All decks, and what each holds for today. */
export function DeckList() {
  const t = useTranslations("flashcards");
  const sharing = useTranslations("sharing");
  const decks = useDecks();
  const publish = usePublishing();
  const [from] = useParam("from");
  const remove = useDeleteDeck();
  const [form, setForm] = useState<Deck | "new" | null>(null);
  const [doomed, setDoomed] = useState<Deck | null>(null);
  const all = (decks.data?.pages ?? []).flatMap((page) => page.items);
  const today = all.reduce((sum, { counts }) => sum + counts.new + counts.due, 0);
  const add = (
    <Button tone={all.length ? "plain" : "accent"} onClick={() => setForm("new")}>
      <Plus aria-hidden /> {t("addDeck")}
    </Button>
  );
  return (
    <Page
      title={t("heading")}
      lead={all.length > 0 ? t("leadToday", { count: today }) : undefined}
      action={
        all.length > 0 && (
          <div className="flex flex-wrap gap-2">
            {add}
            {today > 0 && (
              <Button asChild tone="accent">
                <Link href="/flashcards?mode=review" prefetch={false}>
                  <Play aria-hidden /> {t("reviewAll")}
                </Link>
              </Button>
            )}
          </div>
        )
      }
    >
      {decks.isPending && <ListSkeleton />}
      {decks.isError && !decks.data && <ErrorState error={decks.error} onRetry={() => void decks.refetch()} />}
      {decks.data && all.length === 0 && (
        <EmptyState icon={Layers} title={t("noDecksTitle")} action={add}>
          {t("noDecksText")}
        </EmptyState>
      )}
      {all.length > 0 && (
        <ul aria-label={t("decks")} className="flex flex-col gap-2.5">
          {all.map((deck) => (
            <DeckRow key={deck.id} deck={deck} onPublish={publish && (() => publish(deck))} onSettings={() => setForm(deck)} onDelete={() => setDoomed(deck)} />
          ))}
        </ul>
      )}
      {decks.hasNextPage && (
        <Button className="mt-4" busy={decks.isFetchingNextPage} onClick={() => void decks.fetchNextPage()}>
          {t("moreDecks")}
        </Button>
      )}
      {decks.data && (
        <p className="mt-6">
          <Link href="/flashcards?view=published" prefetch={false} className="inline-flex min-h-11 items-center gap-2 text-muted hover:text-ink">
            <Globe className="size-4" aria-hidden /> {sharing("look")}
          </Link>
        </p>
      )}
      {form && <DeckForm deck={form === "new" ? null : form} onClose={() => setForm(null)} />}
      {from && decks.data && <FromDocument document={from} decks={all} />}
      {doomed && (
        <ConfirmDelete
          title={t("deleteDeckTitle", { name: doomed.name })}
          text={t("deleteDeckText", { count: doomed.counts.total })}
          act={async () => {
            await remove.mutateAsync(doomed);
            tell(t("deckDeleted", { name: doomed.name }));
          }}
          onClose={() => setDoomed(null)}
        />
      )}
    </Page>
  );
}

type RowProps = { deck: Deck; onPublish: (() => void) | null; onSettings: () => void; onDelete: () => void };

function DeckRow({ deck, onPublish, onSettings, onDelete }: RowProps) {
  const t = useTranslations("flashcards");
  const sharing = useTranslations("sharing");
  const ui = useTranslations("ui");
  const { counts } = deck;
  return (
    <li className="flex items-center gap-2 rounded-card border border-line bg-surface py-3 pl-4 pr-2 sm:pl-5">
      <div className="min-w-0 flex-1">
        <Link
          href={`/flashcards?deck=${deck.id}`}
          prefetch={false}
          className="inline-block max-w-full rounded font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {deck.name}
        </Link>
        <DeckCounts counts={counts} />
        {deck.published_at && <p className="text-sm text-muted">{sharing("shown")}</p>}
      </div>
      {counts.new + counts.due > 0 && (
        <Button asChild size="small" className="h-10">
          <Link href={`/flashcards?deck=${deck.id}&mode=review`} prefetch={false} aria-label={t("reviewNamed", { name: deck.name })}>
            <Play aria-hidden /> {t("review")}
          </Link>
        </Button>
      )}
      <Menu
        trigger={
          <Button tone="quiet" size="icon" aria-label={t("moreNamed", { name: deck.name })}>
            <Ellipsis aria-hidden />
          </Button>
        }
        choices={[
          { label: <><Settings2 className="size-4" aria-hidden /> {t("settings")}</>, onSelect: onSettings },
          ...(onPublish
            ? [{ label: <><Globe className="size-4" aria-hidden /> {sharing(deck.published_at ? "takeBack" : "publish")}</>, onSelect: onPublish }]
            : []),
          { label: <><Trash2 className="size-4" aria-hidden /> {ui("delete")}</>, onSelect: onDelete, danger: true },
        ]}
      />
    </li>
  );
}

/** New and due today, and all. */
export function DeckCounts({ counts }: { counts: Deck["counts"] }) {
  const t = useTranslations("flashcards");
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-3 text-sm text-muted">
      <span className={counts.new ? "text-accent" : ""}>{t("countNew", { count: counts.new })}</span>
      <span className={counts.due ? "text-good" : ""}>{t("countDue", { count: counts.due })}</span>
      <span>{t("countTotal", { count: counts.total })}</span>
    </p>
  );
}
