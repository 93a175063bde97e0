"use client";

import { CircleCheckBig } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { RATINGS } from "@/features/flashcards/api/flashcards";
import { useNextDue } from "@/features/flashcards/api/forecast";
import type { Sitting } from "@/features/flashcards/sitting/sitting";

/** All done for today: how many, how well, how long, and when it goes on. */
export function Summary({ sitting, back }: { sitting: Sitting; back: string }) {
  const t = useTranslations("flashcards");
  const format = useFormatter();
  const place = useRef<HTMLHeadingElement>(null);
  const next = useNextDue(sitting.day);
  const seconds = Math.round(sitting.given.reduce((sum, { tookMs }) => sum + tookMs, 0) / 1_000);
  useEffect(() => place.current?.focus(), []);
  return (
    <section aria-labelledby="summary" className="mt-6 flex flex-col items-center gap-5 rounded-card border border-line bg-surface px-6 py-10 text-center">
      <span className="rounded-full bg-good-soft p-3 text-good">
        <CircleCheckBig className="size-7" aria-hidden />
      </span>
      <h2 id="summary" ref={place} tabIndex={-1} className="text-xl font-semibold outline-none">
        {t("summaryTitle")}
      </h2>
      <p>{t("summaryText", { count: sitting.given.length, minutes: Math.floor(seconds / 60), seconds: seconds % 60 })}</p>
      <dl className="grid w-full max-w-md grid-cols-4 gap-2">
        {RATINGS.map((rating) => (
          <div key={rating} className="flex flex-col rounded-lg bg-sunken py-2">
            <dt className="order-2 text-sm text-muted">{t(`ratings.${rating}`)}</dt>
            <dd className="text-lg font-semibold tabular-nums">{sitting.given.filter((one) => one.rating === rating).length}</dd>
          </div>
        ))}
      </dl>
      {next.data && (
        <p className="text-muted">
          {t("nextDue", {
            count: next.data.due,
            day: format.dateTime(new Date(`${next.data.day}T12:00:00Z`), { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" }),
          })}
        </p>
      )}
      <div className="flex flex-wrap justify-center gap-3">
        <Button asChild tone="accent">
          <Link href={back} prefetch={false}>
            {t(back.includes("deck=") ? "toDeck" : "toDecks")}
          </Link>
        </Button>
      </div>
    </section>
  );
}
