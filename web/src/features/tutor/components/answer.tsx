"use client";

import { CircleAlert, FileQuestion } from "lucide-react";
import { lazy, memo, Suspense, useCallback, useMemo } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import type { Message } from "@/features/tutor/api/tutor";
import { AnswerActions } from "@/features/tutor/components/answer-actions";
import { CitationChip } from "@/features/tutor/components/citation-chip";
import { Sources } from "@/features/tutor/components/sources";
import type { Turn } from "@/features/tutor/state/turns";

const Markdown = lazy(() => import("@/components/markdown/markdown"));

type AnswerTurn = Extract<Turn, { kind: "answer" }>;
type Props = { turn: AnswerTurn; onAgain: ((question: string) => void) | null };

const NONE: Message["citations"] = [];

/** An answer: while it comes, at its end with its sources, or broken off and what to do then. */
export function Answer({ turn, onAgain }: Props) {
  const t = useTranslations("tutor");
  const { message, text, under } = turn;
  const ended = message !== null && !under;
  return (
    <article aria-busy={under || undefined} className="flex min-w-0 flex-col gap-2">
      <h2 className="sr-only">{t("tutor")}</h2>
      {text && <AnswerText text={text} citations={message?.citations ?? NONE} />}
      {under && <Working begun={text !== ""} />}
      {ended && <Support message={message} />}
      <Ending turn={turn} onAgain={onAgain} />
      {ended && message.citations.length > 0 && <Sources citations={message.citations} />}
      {ended && text && <AnswerActions message={message} question={turn.question} onAgain={onAgain} />}
    </article>
  );
}

const AnswerText = memo(function AnswerText({ text, citations }: { text: string; citations: Message["citations"] }) {
  const byNumber = useMemo(() => new Map(citations.map((one) => [one.number, one])), [citations]);
  const numbers = useMemo(() => new Set(byNumber.keys()), [byNumber]);
  const cite = useCallback(
    (number: number) => {
      const citation = byNumber.get(number);
      return citation ? <CitationChip citation={citation} /> : null;
    },
    [byNumber],
  );
  return (
    <Suspense fallback={<p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{text}</p>}>
      <Markdown text={text} numbers={numbers} cite={cite} />
    </Suspense>
  );
});

function Working({ begun }: { begun: boolean }) {
  const t = useTranslations("tutor");
  return (
    <p className="flex items-center gap-2 text-sm text-muted">
      <span aria-hidden className="size-2 animate-pulse rounded-full bg-accent" />
      {t(begun ? "writing" : "reading")}
    </p>
  );
}

/** How far the documents carry the answer, in words; never more than was checked. */
function Support({ message }: { message: Message }) {
  const t = useTranslations("tutor");
  if (message.status !== "complete" || message.mode !== "explain") return null;
  if (message.citations.length === 0) {
    return (
      <p className="flex items-center gap-2 rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
        <FileQuestion className="size-4 shrink-0" aria-hidden /> {t("unsupported")}
      </p>
    );
  }
  if (message.confidence === null) return null;
  const level = message.confidence >= 0.75 ? "strong" : message.confidence >= 0.5 ? "fair" : "weak";
  return <p className="text-sm text-muted">{t(`support.${level}`, { share: message.confidence })}</p>;
}

function Ending({ turn, onAgain }: Props) {
  const t = useTranslations("tutor");
  const status = turn.problem ? "failed" : turn.message?.status;
  if (status === "cancelled") return <p className="text-sm text-muted">{t("stopped")}</p>;
  if (status !== "failed" && status !== "interrupted") return null;
  const key = turn.problem as "provider_unavailable";
  const reason = status === "interrupted" ? t("interrupted") : t.has(`problems.${key}`) ? t(`problems.${key}`) : turn.detail || t("failed");
  return (
    <div role="alert" className="flex flex-wrap items-center gap-3 rounded-lg border border-bad bg-bad-soft px-3 py-2 text-sm text-bad">
      <CircleAlert className="size-4 shrink-0" aria-hidden />
      <span className="min-w-0 flex-1">{reason}</span>
      {onAgain && turn.question && (
        <Button size="small" onClick={() => onAgain(turn.question)}>
          {t("again")}
        </Button>
      )}
    </div>
  );
}
