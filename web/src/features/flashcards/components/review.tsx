"use client";

import { ArrowLeft, CircleHelp, PartyPopper, Pencil, Undo2, CirclePause } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useEditCard } from "@/features/flashcards/api/edit-card";
import { RATINGS, type QueuedCard } from "@/features/flashcards/api/flashcards";
import { useDeck } from "@/features/flashcards/api/get-deck";
import { CardSheet } from "@/features/flashcards/components/card-sheet";
import { CardText } from "@/features/flashcards/components/card-text";
import { GradeBar } from "@/features/flashcards/components/grade-bar";
import { ReviewCounts } from "@/features/flashcards/components/review-counts";
import { ReviewHelp } from "@/features/flashcards/components/review-help";
import { SourceLink } from "@/features/flashcards/components/source-link";
import { Summary } from "@/features/flashcards/components/summary";
import { kindOf } from "@/features/flashcards/sitting/sitting";
import { useSitting, type Trouble } from "@/features/flashcards/sitting/use-sitting";
import { useFaultText } from "@/lib/fault-text";
import { useKeys } from "@/lib/keys";
import { useParam } from "@/lib/nav";

/** The cards of today, of one deck or of all: question, answer, grade, next. */
export function Review({ deck }: { deck: string | null }) {
  const t = useTranslations("flashcards");
  const say = useFaultText();
  const [opened, open] = useParam("card");
  const [help, setHelp] = useState(false);
  const name = useDeck(deck).data?.name;
  const edit = useEditCard();
  const told = ({ kind, error }: Trouble) =>
    tell(kind === "failed" ? t("reviewFailed", { reason: say(error) }) : t(kind === "stale" ? "reviewStale" : "leech"), { tone: "bad" });
  const { sitting, fault, settling, load, reveal, grade, undo, changed } = useSitting({ deck, onTrouble: told });
  const item = sitting?.items[0];
  const canUndo = (sitting?.given.length ?? 0) > 0;

  const suspend = () => {
    if (!item) return;
    const { card } = item;
    edit.mutate(
      { card, fields: { suspended: true } },
      {
        onSuccess: (kept) => {
          changed(card.id, kept);
          const back = () => edit.mutate({ card: kept, fields: { suspended: false } }, { onSuccess: (free) => changed(free.id, free) });
          tell(t("suspendedOne"), { undo: back });
        },
        onError: (error) => tell(say(error), { tone: "bad" }),
      },
    );
  };
  const onward = () => (sitting?.revealed ? grade("good") : reveal());
  const digits = Object.fromEntries(RATINGS.map((rating, at) => [String(at + 1), () => grade(rating)]));
  useKeys({
    " ": item && onward,
    Enter: item && onward,
    ...(sitting?.revealed ? digits : {}),
    e: item && (() => open(item.card.id)),
    "@": suspend,
    "?": () => setHelp(true),
  });
  useUndoKey(undo);

  const back = deck ? `/flashcards?deck=${deck}` : "/flashcards";
  return (
    <div className="mx-auto flex min-h-[calc(100dvh-5rem)] w-full max-w-3xl flex-col px-4 pb-36 pt-4 sm:px-8 md:min-h-dvh">
      <header className="flex items-center gap-1">
        <Button asChild tone="quiet" size="icon" className="-ml-2 size-11">
          <Link href={back} prefetch={false} aria-label={t("endReview")}>
            <ArrowLeft aria-hidden />
          </Link>
        </Button>
        <h1 className="min-w-0 flex-1 truncate font-semibold">{deck ? (name ?? t("review")) : t("allDecks")}</h1>
        <Button tone="quiet" size="icon" className="size-11" onClick={undo} disabled={!canUndo} aria-label={t("undoReview")} title={t("undoReviewKey")}>
          <Undo2 aria-hidden />
        </Button>
        <Button tone="quiet" size="icon" className="size-11" onClick={() => item && open(item.card.id)} disabled={!item} aria-label={t("editCard")} title={t("editCardKey")}>
          <Pencil aria-hidden />
        </Button>
        <Button tone="quiet" size="icon" className="size-11" onClick={suspend} disabled={!item} aria-label={t("suspend")} title={t("suspendKey")}>
          <CirclePause aria-hidden />
        </Button>
        <Button tone="quiet" size="icon" className="size-11" onClick={() => setHelp(true)} aria-label={t("keys")} title={t("keysKey")}>
          <CircleHelp aria-hidden />
        </Button>
      </header>
      {sitting && (item || settling) && <ReviewCounts counts={sitting.counts} kind={item ? kindOf(item.card, sitting.day) : null} />}
      {item && sitting ? (
        <>
          <Face key={item.card.id} item={item} revealed={sitting.revealed} />
          <GradeBar preview={sitting.revealed ? item.preview : null} onReveal={reveal} onGrade={grade} />
        </>
      ) : fault ? (
        <ErrorState error={fault} onRetry={load} />
      ) : !sitting || settling ? (
        <Skeleton className="mt-6 h-64" />
      ) : sitting.given.length > 0 ? (
        <Summary sitting={sitting} back={back} />
      ) : (
        <div className="mt-6">
          <EmptyState
            icon={PartyPopper}
            title={t("nothingDueTitle")}
            action={
              <Button asChild tone="accent">
                <Link href={back} prefetch={false}>
                  {t(deck ? "toDeck" : "toDecks")}
                </Link>
              </Button>
            }
          >
            {t("nothingDueText")}
          </EmptyState>
        </div>
      )}
      {opened && <CardSheet id={opened} onClose={() => open(null)} onChanged={(card) => changed(opened, card)} />}
      {help && <ReviewHelp onClose={() => setHelp(false)} />}
    </div>
  );
}

/** The card. It takes the focus, so that what it says is read out and Space does what it should. */
function Face({ item, revealed }: { item: QueuedCard; revealed: boolean }) {
  const t = useTranslations("flashcards");
  const place = useRef<HTMLElement>(null);
  const answer = useRef<HTMLDivElement>(null);
  const { card } = item;
  useEffect(() => {
    if (document.querySelector("[role=dialog][data-state=open]")) return;
    (revealed ? answer : place).current?.focus({ preventScroll: true });
  }, [revealed]);
  return (
    <article
      ref={place}
      tabIndex={-1}
      aria-label={t("card")}
      className="mt-4 flex flex-1 flex-col justify-center gap-5 rounded-card border border-line bg-surface px-5 py-8 text-lg outline-none sm:px-8"
    >
      <CardText text={card.front} asking={!revealed} className="text-center text-xl font-medium" />
      {revealed && (
        <div ref={answer} tabIndex={-1} className="flex flex-col gap-4 border-t border-line pt-5 outline-none">
          <CardText text={card.back} className="text-center" />
          {card.source && (
            <p className="text-center">
              <SourceLink source={card.source} />
            </p>
          )}
        </div>
      )}
    </article>
  );
}

/** Ctrl+Z (Cmd+Z) takes the last grade back, unless somebody types: there it belongs to the text. */
function useUndoKey(undo: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey || event.key.toLowerCase() !== "z") return;
      const target = event.target as HTMLElement | null;
      if (target?.closest?.("input, textarea, select, [role=dialog]")) return;
      event.preventDefault();
      undo();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [undo]);
}
