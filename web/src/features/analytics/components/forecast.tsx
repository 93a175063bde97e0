"use client";

import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Tabs } from "@/components/ui/tabs";
import { useForecast } from "@/features/analytics/api/forecast";
import { Bars } from "@/features/analytics/components/bars";
import { noon } from "@/features/analytics/days";
import { Nothing } from "@/features/analytics/components/nothing";
import { Section } from "@/features/analytics/components/section";
import { Table } from "@/features/analytics/components/table";

const SPANS = ["30", "90"] as const;
type Span = (typeof SPANS)[number];

/** Cards that fall due, a bar a day; what is overdue already stands apart. */
export function Forecast({ today }: { today: string }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const [span, setSpan] = useState<Span>("30");
  const forecast = useForecast(today, Number(span));
  const date = (day: string) => format.dateTime(noon(day), { day: "numeric", month: "short", timeZone: "UTC" });
  const choose = (
    <Tabs label={t("span")} value={span} onChange={setSpan} choices={SPANS.map((value) => ({ value, label: t("days", { count: Number(value) }) }))} />
  );
  return (
    <Section title={t("forecast")} action={choose} asked={forecast}>
      {({ backlog, days }) => {
        const total = days.reduce((sum, { due }) => sum + due, 0);
        if (total + backlog === 0) {
          return <Nothing text={t("emptyForecast")} href="/flashcards" action={t("startReview")} />;
        }
        const bars = days.map(({ day, due }) => ({ key: day, value: due, label: t("dueOn", { count: due, day: date(day) }) }));
        return (
          <>
            <p className="mb-4 flex flex-wrap gap-x-6 gap-y-1">
              <span>{t("ahead", { count: total })}</span>
              <span className={backlog > 0 ? "font-medium text-warn" : "text-muted"}>{t("backlog", { count: backlog })}</span>
            </p>
            <Bars
              label={t("forecastLabel", { days: days.length, count: total })}
              bars={bars}
              most={Math.max(...days.map(({ due }) => due))}
              first={t("today")}
              last={date(days.at(-1)?.day ?? today)}
            />
            <Table
              title={t("forecast")}
              columns={[t("day"), t("due")]}
              rows={[
                { key: "backlog", cells: [t("overdueCards"), `${backlog}`] },
                ...days.map(({ day, due }) => ({ key: day, cells: [date(day), `${due}`] })),
              ]}
            />
          </>
        );
      }}
    </Section>
  );
}
