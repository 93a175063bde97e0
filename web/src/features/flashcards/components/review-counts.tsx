"use client";

import { useTranslations } from "use-intl";
import type { Counts, Kind } from "@/features/flashcards/sitting/sitting";
import { cn } from "@/lib/cn";

const KINDS: { kind: Kind; tone: string }[] = [
  { kind: "new", tone: "text-accent" },
  { kind: "learning", tone: "text-bad" },
  { kind: "due", tone: "text-good" },
];

/** What is left for today; the kind of the card that is shown is underlined. */
export function ReviewCounts({ counts, kind }: { counts: Counts; kind: Kind | null }) {
  const t = useTranslations("flashcards");
  return (
    <ul aria-label={t("left")} className="mt-2 flex justify-center gap-5 text-sm">
      {KINDS.map((one) => (
        <li
          key={one.kind}
          aria-current={one.kind === kind ? "true" : undefined}
          className={cn("tabular-nums", one.tone, one.kind === kind && "font-semibold underline decoration-2 underline-offset-4")}
        >
          {t(`left${one.kind}`, { count: counts[one.kind] })}
        </li>
      ))}
    </ul>
  );
}
