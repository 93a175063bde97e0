"use client";

import { useTranslations } from "use-intl";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useSummary } from "@/features/today/api/get-summary";
import { Block } from "@/features/today/components/block";

/** How the day went so far: minutes of those planned, reviews, and days in a row. */
export function Figures({ date, budget }: { date: string; budget: number }) {
  const t = useTranslations("today");
  const summary = useSummary(date);
  const figures = summary.data && [
    { name: t("minutes"), value: t("minutesOf", { minutes: summary.data.minutes, budget }) },
    { name: t("reviews"), value: String(summary.data.reviews) },
    { name: t("streak"), value: t("days", { count: summary.data.streak.current }) },
  ];
  return (
    <Block title={t("progress")} more={{ href: "/analytics", label: t("toProgress") }}>
      {summary.isPending && <ListSkeleton rows={1} />}
      {summary.isError && !summary.data && <ErrorState error={summary.error} onRetry={() => void summary.refetch()} />}
      {figures && (
        <dl className="flex flex-wrap gap-x-10 gap-y-3">
          {figures.map(({ name, value }) => (
            <div key={name} className="flex flex-col">
              <dt className="text-sm text-muted">{name}</dt>
              <dd className="text-xl font-semibold tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </Block>
  );
}
