"use client";

import { useFormatter, useTranslations } from "use-intl";
import { useRetention } from "@/features/analytics/api/retention";
import { Bars } from "@/features/analytics/components/bars";
import { noon, partsOf, type Period } from "@/features/analytics/days";
import { Nothing } from "@/features/analytics/components/nothing";
import { Section } from "@/features/analytics/components/section";
import { Table } from "@/features/analytics/components/table";

/** How much was remembered, in stretches of the period. */
export function RetentionChart({ today, period }: { today: string; period: Period }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const retention = useRetention(partsOf(today, period));
  const date = (day: string) => format.dateTime(noon(day), { day: "numeric", month: "short", timeZone: "UTC" });
  const percent = (rate: number | null) =>
    rate === null ? "–" : format.number(rate, { style: "percent", maximumFractionDigits: 0 });
  return (
    <Section title={t("retention")} asked={retention}>
      {(parts) => {
        const reviews = parts.reduce((sum, part) => sum + part.reviews, 0);
        const recalled = parts.reduce((sum, part) => sum + part.recalled, 0);
        if (reviews === 0) return <Nothing text={t("emptyRetention")} href="/flashcards" action={t("startReview")} />;
        const named = parts.map((part) => ({
          ...part,
          days: part.from === part.to ? date(part.from) : t("fromTo", { from: date(part.from), to: date(part.to) }),
        }));
        return (
          <>
            <p className="mb-4">{t("remembered", { rate: percent(recalled / reviews), recalled, reviews })}</p>
            <Bars
              label={t("retentionLabel", { rate: percent(recalled / reviews) })}
              bars={named.map(({ from, rate, days }) => ({ key: from, value: rate, label: t("rateOn", { rate: percent(rate), days }) }))}
              most={1}
              first={date(parts[0]?.from ?? today)}
              last={date(parts.at(-1)?.to ?? today)}
            />
            <Table
              title={t("retention")}
              columns={[t("day"), t("figures.retention"), t("figures.reviews")]}
              rows={named.map((part) => ({ key: part.from, cells: [part.days, percent(part.rate), `${part.reviews}`] }))}
            />
          </>
        );
      }}
    </Section>
  );
}
