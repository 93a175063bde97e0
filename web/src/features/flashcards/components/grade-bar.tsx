"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { RATINGS, type QueuedCard, type Rating } from "@/features/flashcards/api/flashcards";
import { useInterval } from "@/features/flashcards/components/interval";
import { cn } from "@/lib/cn";

const TONES: Record<Rating, string> = {
  again: "border-bad/60 text-bad hover:bg-bad-soft",
  hard: "border-warn/60 text-warn hover:bg-warn-soft",
  good: "border-good/60 text-good hover:bg-good-soft",
  easy: "border-line-strong text-ink hover:bg-sunken",
};

type Props = { preview: QueuedCard["preview"] | null; onReveal: () => void; onGrade: (rating: Rating) => void };

/** At the lower edge, where a thumb is: show the answer, then the four grades, each with when the card comes back. */
export function GradeBar({ preview, onReveal, onGrade }: Props) {
  const t = useTranslations("flashcards");
  const interval = useInterval();
  return (
    <div className="lower-edge fixed inset-x-0 bottom-[calc(3.9rem+env(safe-area-inset-bottom))] z-20 border-t border-line bg-ground px-3 py-3 md:bottom-0 md:left-56">
      <div role="group" aria-label={t("grades")} className="mx-auto grid max-w-2xl grid-cols-4 gap-2">
        {preview ? (
          RATINGS.map((rating, at) => (
            <button
              key={rating}
              type="button"
              title={t("key", { key: at + 1 })}
              onClick={() => onGrade(rating)}
              className={cn("flex min-h-14 min-w-0 flex-col items-center justify-center rounded-lg border bg-surface px-1 transition-colors", TONES[rating])}
            >
              <span className="text-sm opacity-90">{interval(preview[rating].interval_days)}</span>
              <span className="font-medium">{t(`ratings.${rating}`)}</span>
            </button>
          ))
        ) : (
          <Button tone="accent" size="large" className="col-span-4 h-14" onClick={onReveal} title={t("revealKey")}>
            {t("reveal")}
          </Button>
        )}
      </div>
    </div>
  );
}
