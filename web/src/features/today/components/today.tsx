"use client";

import { useDeferredValue } from "react";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { Afterwards } from "@/components/ui/afterwards";
import { CardComing, Page } from "@/components/ui/page";
import { ListSkeleton } from "@/components/ui/states";
import { useDayArrived } from "@/features/today/api/day-arrived";
import { DueCards } from "@/features/today/components/due-cards";
import { DueTasks } from "@/features/today/components/due-tasks";
import { Figures } from "@/features/today/components/figures";
import { FirstSteps } from "@/features/today/components/first-steps";
import { RecentDocuments } from "@/features/today/components/recent-documents";
import { Study } from "@/features/today/components/study";
import { useSession, type User } from "@/lib/auth/session";
import { greetingAt, studyDay } from "@/lib/study-day";

/** What this day is for. */
export function Today() {
  const user = useSession((session) => session.user);
  return user && <DayOf user={user} />;
}

function DayOf({ user }: { user: User }) {
  const t = useTranslations("today");
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const day = studyDay(now, user.time_zone, user.day_starts_at);
  const arrived = useDayArrived(day.ends);
  // Deferred, the day is rendered in slices: what a query brings is rendered in one go otherwise.
  const shown = useDeferredValue(arrived) && arrived;
  return (
    <Page
      title={t(`greetings.${greetingAt(now, user.time_zone)}`, { name: user.display_name })}
      lead={format.dateTime(now, { weekday: "long", day: "numeric", month: "long" })}
    >
      {shown ? (
        <div className="flex flex-col gap-4">
          <FirstSteps person={user.id} />
          <DueTasks day={day} />
          <div className="grid gap-4 sm:grid-cols-2">
            <DueCards />
            <Study />
          </div>
          <Afterwards instead={<CardComing />}>
            <RecentDocuments />
          </Afterwards>
          <Afterwards instead={<CardComing />}>
            <Figures date={day.date} budget={user.weekly_budget[day.weekday] ?? 0} />
          </Afterwards>
        </div>
      ) : (
        <ListSkeleton rows={5} />
      )}
    </Page>
  );
}
