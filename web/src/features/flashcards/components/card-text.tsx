"use client";

import dynamic from "next/dynamic";
import { useMemo } from "react";
import { useTranslations } from "use-intl";
import { pieces, type Piece } from "@/lib/card-text";
import { cn } from "@/lib/cn";

const Formula = dynamic(() => import("@/components/markdown/formula").then((module) => module.Formula), { ssr: false });

type Props = { text: string; /** Gaps show their hint instead of what belongs there. */ asking?: boolean; className?: string };

/** A side of a card: lines as they were written, gaps, formulas, code and bold words. Never markup. */
export function CardText({ text, asking, className }: Props) {
  const parts = useMemo(() => pieces(text), [text]);
  return (
    <div className={cn("whitespace-pre-wrap [overflow-wrap:anywhere]", className)}>
      {parts.map((piece, number) => (
        <Part key={number} piece={piece} asking={asking ?? false} />
      ))}
    </div>
  );
}

function Part({ piece, asking }: { piece: Piece; asking: boolean }) {
  const t = useTranslations("flashcards");
  if (piece.kind === "math") return <Formula source={piece.text} display={piece.display} />;
  if (piece.kind === "bold") return <strong>{piece.text}</strong>;
  if (piece.kind === "code") return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.9em]">{piece.text}</code>;
  if (piece.kind !== "cloze") return piece.text;
  if (!asking) return <mark className="rounded bg-mark px-1 text-ink">{piece.text}</mark>;
  return (
    <span className="rounded bg-accent-soft px-1.5 font-medium text-accent-strong">
      <span aria-hidden>[{piece.hint ?? "…"}]</span>
      <span className="sr-only">{piece.hint ? t("gapHint", { hint: piece.hint }) : t("gap")}</span>
    </span>
  );
}
