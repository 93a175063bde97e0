"use client";

import { Layers, RotateCcw, ThumbsDown, ThumbsUp } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { CopyButton } from "@/components/ui/copy-button";
import { tell } from "@/components/ui/notes";
import { BAD, GOOD, useRate } from "@/features/tutor/api/rate";
import type { Message } from "@/features/tutor/api/tutor";
import { useFaultText } from "@/lib/fault-text";

const MakeCards = dynamic(() => import("@/features/tutor/components/make-cards").then((module) => module.MakeCards));

const RatingReason = dynamic(() => import("@/features/tutor/components/rating-reason"), { ssr: false });

const SHAPE = "grid size-8 place-items-center rounded-md";
const LOOK = `${SHAPE} text-muted hover:bg-sunken hover:text-ink`;

type Props = { message: Message; question: string; onAgain: ((question: string) => void) | null };

/** What can be done with an answer, and who gave it. */
export function AnswerActions({ message, question, onAgain }: Props) {
  const t = useTranslations("tutor");
  const say = useFaultText();
  const rate = useRate();
  const [making, setMaking] = useState(false);
  const [explaining, setExplaining] = useState(false);
  const thumb = (rating: number, label: "good" | "bad") => {
    const Icon = label === "good" ? ThumbsUp : ThumbsDown;
    const pressed = message.feedback_rating === rating;
    const press = () => {
      setExplaining(label === "bad");
      if (!pressed) rate.mutate({ message, rating }, { onError: (error) => tell(say(error), { tone: "bad" }) });
    };
    return (
      <button
        type="button"
        aria-label={t(label)}
        title={t(label)}
        aria-pressed={pressed}
        onClick={press}
        className={pressed ? `${SHAPE} bg-accent-soft text-accent-strong` : LOOK}
      >
        <Icon className="size-4" aria-hidden />
      </button>
    );
  };
  return (
    <div className="flex flex-wrap items-center gap-1 print:hidden">
      <CopyButton text={message.content} />
      {thumb(GOOD, "good")}
      {thumb(BAD, "bad")}
      {onAgain && question && (
        <button type="button" aria-label={t("again")} title={t("again")} onClick={() => onAgain(question)} className={LOOK}>
          <RotateCcw className="size-4" aria-hidden />
        </button>
      )}
      <button type="button" onClick={() => setMaking(true)} className="flex h-8 items-center gap-1.5 rounded-md px-2 text-sm text-muted hover:bg-sunken hover:text-ink">
        <Layers className="size-4" aria-hidden /> {t("makeCards")}
      </button>
      {message.model && (
        <span className="ml-auto px-1 text-xs text-muted">
          {message.model === "extractive" ? t("noModel") : t("model", { name: message.model })}
        </span>
      )}
      {explaining && <RatingReason message={message} onClose={() => setExplaining(false)} />}
      {making && <MakeCards question={question} answer={message.content} onClose={() => setMaking(false)} />}
    </div>
  );
}
