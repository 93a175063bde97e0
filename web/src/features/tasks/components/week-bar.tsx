"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { shifted } from "@/lib/study-day";

type Props = { week: string[]; isNow: boolean; onChange: (date: string | null) => void };

/** Which week it is, and the ways to others. */
export function WeekBar({ week, isNow, onChange }: Props) {
  const t = useTranslations("week");
  const format = useFormatter();
  const noon = (date: string) => new Date(`${date}T12:00:00Z`);
  const range = format.dateTimeRange(noon(week[0]!), noon(week[6]!), { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <div className="mb-4 flex flex-wrap items-center gap-2">
      <Button size="icon" aria-label={t("before")} title={t("before")} onClick={() => onChange(shifted(week[0]!, -7))}>
        <ChevronLeft aria-hidden />
      </Button>
      <Button size="icon" aria-label={t("after")} title={t("after")} onClick={() => onChange(shifted(week[0]!, 7))}>
        <ChevronRight aria-hidden />
      </Button>
      <h2 className="min-w-0 px-1 text-lg font-semibold" data-formatted aria-live="polite">
        {range}
      </h2>
      {!isNow && (
        <Button className="ml-auto" onClick={() => onChange(null)}>
          {t("now")}
        </Button>
      )}
    </div>
  );
}
