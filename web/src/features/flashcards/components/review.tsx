"use client";

import { PartyPopper } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, Skeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { RATINGS } from "@/features/flashcards/api/flashcards";
import { useDeck } from "@/features/flashcards/api/get-deck";
import { CardSheet } from "@/features/flashcards/components/card-sheet";
import { Face } from "@/features/flashcards/components/face";
import { FlagDialog } from "@/features/flashcards/components/flag-dialog";
import { GradeBar } from "@/features/flashcards/components/grade-bar";
import { ReviewCounts } from "@/features/flashcards/components/review-counts";
import { ReviewHeader } from "@/features/flashcards/components/review-header";
import { ReviewHelp } from "@/features/flashcards/components/review-help";
import { Summary } from "@/features/flashcards/components/summary";
import { useCardMoves } from "@/features/flashcards/components/use-card-moves";
import { kindOf } from "@/features/flashcards/sitting/sitting";
import { typeAnswers, typesAnswers } from "@/features/flashcards/sitting/typed-answers";
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
  const [flagging, setFlagging] = useState(false);
  const [typing, setTyping] = useState(typesAnswers);
  const name = useDeck(deck).data?.name;
  const told = ({ kind, error }: Trouble) =>
    tell(kind === "failed" ? t("reviewFailed", { reason: say(error) }) : t(kind === "stale" ? "reviewStale" : "leech"), { tone: "bad" });
  const { sitting, fault, settling, load, reveal, grade, undo, changed } = useSitting({ deck, onTrouble: told });
  const moves = useCardMoves(changed);
  const item = sitting?.items[0];
  const canUndo = (sitting?.given.length ?? 0) > 0;

  const card = item?.card;
  const switchTyping = () => {
    typeAnswers(!typing);
    setTyping(!typing);
    tell(t(typing ? "typingOff" : "typingOn"));
  };
  const onward = () => (sitting?.revealed ? grade("good") : reveal());
  const digits = Object.fromEntries(RATINGS.map((rating, at) => [String(at + 1), () => grade(rating)]));
  useKeys({
    " ": item && onward,
    Enter: item && onward,
    ...(sitting?.revealed ? digits : {}),
    e: item && (() => open(item.card.id)),
    "-": card && (() => moves.bury(card)),
    "@": card && (() => moves.suspend(card)),
    f: card && (() => setFlagging(true)),
    t: switchTyping,
    "?": () => setHelp(true),
  });
  useUndoKey(undo);

  const back = deck ? `/flashcards?deck=${deck}` : "/flashcards";
  return (
    <div className="mx-auto flex min-h-[calc(100dvh-5rem)] w-full max-w-3xl flex-col px-4 pb-36 pt-4 sm:px-8 md:min-h-dvh">
      <ReviewHeader
        title={deck ? (name ?? t("review")) : t("allDecks")}
        back={back}
        onUndo={canUndo ? undo : null}
        onEdit={item ? () => open(item.card.id) : null}
        choices={[
          { label: t(typing ? "typeNoAnswers" : "typeAnswersKey"), onSelect: switchTyping },
          ...(card
            ? [
                { label: t("buryKey"), onSelect: () => moves.bury(card) },
                { label: t("suspendKey"), onSelect: () => moves.suspend(card) },
                { label: t("flagKey"), onSelect: () => setFlagging(true) },
              ]
            : []),
          { label: t("keysKey"), onSelect: () => setHelp(true) },
        ]}
      />
      {sitting && (item || settling) && <ReviewCounts counts={sitting.counts} kind={item ? kindOf(item.card, sitting.day) : null} />}
      {item && sitting ? (
        <>
          <Face key={item.card.id} item={item} revealed={sitting.revealed} typing={typing} onReveal={reveal} />
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
      {flagging && card && <FlagDialog flag={card.flag} onChoose={(flag) => moves.flag(card, flag)} onClose={() => setFlagging(false)} />}
      {help && <ReviewHelp onClose={() => setHelp(false)} />}
    </div>
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
