"use client";

import { useFormatter, useTranslations } from "use-intl";
import type { Summary } from "@/features/analytics/api/analytics";
import { Nothing } from "@/features/analytics/components/nothing";

/** A period in six numbers. */
export function Figures({ summary }: { summary: Summary }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const { retention, streak } = summary;
  const rate = retention.rate === null ? "–" : format.number(retention.rate, { style: "percent", maximumFractionDigits: 0 });
  const figures = [
    { name: "time", value: t("duration", { hours: Math.floor(summary.minutes / 60), minutes: summary.minutes % 60 }), note: t("sessions", { count: summary.sessions }) },
    { name: "reviews", value: format.number(summary.reviews), note: t("passes") },
    { name: "retention", value: rate, note: t("recalled", { recalled: retention.recalled, reviews: retention.reviews }) },
    { name: "tasks", value: format.number(summary.tasks_completed), note: t("late", { count: summary.tasks_completed_late }) },
    { name: "open", value: format.number(summary.tasks_open), note: t("overdue", { count: summary.tasks_overdue }) },
    { name: "streak", value: t("days", { count: streak.current }), note: t("longest", { count: streak.longest }) },
  ] as const;
  return (
    <>
      <dl className="grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3">
        {figures.map(({ name, value, note }) => (
          <div key={name} className="min-w-0">
            <dt className="text-sm text-muted">{t(`figures.${name}`)}</dt>
            <dd className="text-2xl font-semibold tabular-nums">{value}</dd>
            <dd className="text-sm text-muted">{note}</dd>
          </div>
        ))}
      </dl>
      {summary.minutes + summary.reviews + summary.sessions + summary.tasks_completed === 0 && (
        <div className="mt-5 border-t border-line pt-5">
          <Nothing text={t("emptySummary")} href="/study-sessions" action={t("startSession")} />
        </div>
      )}
    </>
  );
}
