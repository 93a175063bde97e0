"use client";

import { useTranslations } from "use-intl";
import { Afterwards } from "@/components/ui/afterwards";
import { CardComing, Page } from "@/components/ui/page";
import { Tabs } from "@/components/ui/tabs";
import { useHeatmap } from "@/features/analytics/api/heatmap";
import { useSummary } from "@/features/analytics/api/summary";
import { PERIODS, periodUntil, studyDay, type Period } from "@/features/analytics/days";
import { Figures } from "@/features/analytics/components/figures";
import { Forecast } from "@/features/analytics/components/forecast";
import { Heatmap } from "@/features/analytics/components/heatmap";
import { RetentionChart } from "@/features/analytics/components/retention";
import { Section } from "@/features/analytics/components/section";
import { Subjects } from "@/features/analytics/components/subjects";
import { useSession } from "@/lib/auth/session";
import { useParam } from "@/lib/nav";

/** What was done, what stuck, and what is coming. */
export function Analytics() {
  const t = useTranslations("analytics");
  const user = useSession((session) => session.user);
  const [asked, setAsked] = useParam("period");
  const period: Period = PERIODS.find((one) => one === asked) ?? "month";
  const today = studyDay(new Date().toISOString(), user?.time_zone ?? "UTC", user?.day_starts_at ?? 0);
  const days = periodUntil(today, period);
  const summary = useSummary(days);
  const heatmap = useHeatmap(periodUntil(today, "year"));
  const choose = (
    <Tabs
      label={t("period")}
      value={period}
      onChange={(value) => setAsked(value, { replace: true })}
      choices={PERIODS.map((value) => ({ value, label: t(`periods.${value}`) }))}
    />
  );
  return (
    <Page title={t("heading")} action={choose} wide>
      <div className="grid gap-5 lg:grid-cols-2 lg:[&>*:last-child]:col-span-2 lg:[&>*:nth-child(-n+2)]:col-span-2">
        <Section title={t(`summaries.${period}`)} asked={summary} room="h-70 sm:h-44">
          {(figures) => <Figures summary={figures} />}
        </Section>
        <Section title={t("heatmap")} asked={heatmap} room="h-72">
          {(year) => <Heatmap key={year.to} days={year.days} />}
        </Section>
        <Afterwards instead={<CardComing />}>
          <Forecast today={today} />
        </Afterwards>
        <Afterwards instead={<CardComing />}>
          <RetentionChart today={today} period={period} />
        </Afterwards>
        <Afterwards instead={<CardComing />}>
          <Subjects days={days} />
        </Afterwards>
      </div>
    </Page>
  );
}
