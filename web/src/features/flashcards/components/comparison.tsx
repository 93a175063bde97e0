"use client";

import { diffChars } from "diff";
import { useMemo } from "react";
import { useTranslations } from "use-intl";

/** Texts that have little in common take long to compare, and there is little to see then. */
const LONGEST_MS = 50;

/** A typed answer with what is wrong in it struck out, and what is missing added. */
export default function Comparison({ typed, expected }: { typed: string; expected: string }) {
  const t = useTranslations("flashcards");
  const parts = useMemo(() => diffChars(typed, expected, { ignoreCase: true, timeout: LONGEST_MS }), [typed, expected]);
  return (
    <p className="[overflow-wrap:anywhere]">
      <span className="block text-sm text-muted">{t("youTyped")}</span>
      {parts
        ? parts.map(({ value, added, removed }, at) => {
            if (added) return <ins key={at} className="rounded-sm bg-accent-soft text-accent-strong no-underline">{value}</ins>;
            return removed ? <del key={at} className="text-bad">{value}</del> : <span key={at}>{value}</span>;
          })
        : typed}
    </p>
  );
}
