"use client";

import { useTranslations } from "use-intl";
import type { Days, SubjectTime } from "@/features/analytics/api/analytics";
import { useSubjectTimes } from "@/features/analytics/api/subjects";
import { Nothing } from "@/features/analytics/components/nothing";
import { Section } from "@/features/analytics/components/section";
import { Table } from "@/features/analytics/components/table";

/** Where the time went. */
export function Subjects({ days }: { days: Days }) {
  const t = useTranslations("analytics");
  return (
    <Section title={t("subjects")} asked={useSubjectTimes(days)}>
      {({ subjects }) => {
        const worked = subjects.filter(({ minutes }) => minutes > 0);
        if (worked.length === 0) {
          return <Nothing text={t("emptySubjects")} href="/study-sessions" action={t("startSession")} />;
        }
        return <SubjectBars subjects={worked} />;
      }}
    </Section>
  );
}

function SubjectBars({ subjects }: { subjects: SubjectTime[] }) {
  const t = useTranslations("analytics");
  const most = Math.max(...subjects.map(({ minutes }) => minutes));
  const rows = subjects.map(({ subject, minutes }) => ({
    key: subject ?? "",
    name: subject ?? t("noSubject"),
    time: t("duration", { hours: Math.floor(minutes / 60), minutes: minutes % 60 }),
    share: (100 * minutes) / most,
  }));
  return (
    <>
      <ul className="flex flex-col gap-3">
        {rows.map(({ key, name, time, share }) => (
          <li key={key}>
            <div className="flex justify-between gap-4 text-[0.95rem]">
              <span className="min-w-0 [overflow-wrap:anywhere]">{name}</span>
              <span className="shrink-0 tabular-nums text-muted">{time}</span>
            </div>
            <svg aria-hidden className="mt-1 block h-2 w-full overflow-hidden rounded-full">
              <rect width="100%" height="100%" className="fill-line" />
              <rect width={`${share}%`} height="100%" rx={4} className="fill-accent" />
            </svg>
          </li>
        ))}
      </ul>
      <Table title={t("subjects")} columns={[t("subject"), t("figures.time")]} rows={rows.map(({ key, name, time }) => ({ key, cells: [name, time] }))} />
    </>
  );
}
