"use client";

import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import type { QueuedCard } from "@/features/flashcards/api/flashcards";
import { CardText } from "@/features/flashcards/components/card-text";
import { FlagMark } from "@/features/flashcards/components/flag";
import { SourceLink } from "@/features/flashcards/components/source-link";
import { AnswerField, TypedAnswer } from "@/features/flashcards/components/typed-answer";
import { expectedAnswer } from "@/features/flashcards/sitting/typed-answers";

type Props = { item: QueuedCard; revealed: boolean; typing: boolean; onReveal: () => void };

/** The card. It takes the focus, so that what it says is read out and Space does what it should; where answers are typed, the field does. */
export function Face({ item, revealed, typing, onReveal }: Props) {
  const t = useTranslations("flashcards");
  const place = useRef<HTMLElement>(null);
  const field = useRef<HTMLInputElement>(null);
  const answer = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState("");
  const { card } = item;
  useEffect(() => {
    if (document.querySelector("[role=dialog][data-state=open]")) return;
    const next = revealed ? answer.current : (field.current ?? place.current);
    next?.focus({ preventScroll: true });
  }, [revealed, typing]);
  return (
    <article
      ref={place}
      tabIndex={-1}
      aria-label={t("card")}
      className="relative mt-4 flex flex-1 flex-col justify-center gap-5 rounded-card border border-line bg-surface px-5 py-8 text-lg outline-none sm:px-8"
    >
      <FlagMark flag={card.flag} className="absolute right-4 top-4" />
      <CardText text={card.front} asking={!revealed} className="text-center text-xl font-medium" />
      {typing && !revealed && <AnswerField ref={field} typed={typed} onType={setTyped} onReveal={onReveal} />}
      {revealed && (
        <div ref={answer} tabIndex={-1} className="flex flex-col gap-4 border-t border-line pt-5 outline-none">
          {typing && <TypedAnswer typed={typed} expected={expectedAnswer(card)} />}
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
