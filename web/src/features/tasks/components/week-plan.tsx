"use client";

import { Suspense, useEffect, useRef, useState } from "react";
import { useNow, useTranslations } from "use-intl";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import type { Task } from "@/features/tasks/api/tasks";
import { useWeek } from "@/features/tasks/api/week";
import { useMover } from "@/features/tasks/components/mover";
import { WeekBar } from "@/features/tasks/components/week-bar";
import { WeekDay } from "@/features/tasks/components/week-day";
import { focusTask } from "@/features/tasks/components/week-task";
import { WEEK_WORDS } from "@/features/tasks/components/words";
import { dateIn, dateOf, movedTo, spanOf, weekOf, type Days } from "@/features/tasks/week";
import { useSession } from "@/lib/auth/session";
import { Words } from "@/lib/i18n/words";
import { useParam } from "@/lib/nav";
import { shifted } from "@/lib/study-day";

type Props = { onOpen: (task: Task) => void };

/** The tasks of a week on their days, to be moved to others. */
export default function WeekPlan(props: Props) {
  return (
    <Suspense fallback={<ListSkeleton />}>
      <Words of={WEEK_WORDS}>
        <Plan {...props} />
      </Words>
    </Suspense>
  );
}

function Plan({ onOpen }: Props) {
  const t = useTranslations("week");
  const user = useSession((session) => session.user);
  const days: Days = { zone: user?.time_zone ?? "UTC", startsAt: user?.day_starts_at ?? 0 };
  const today = dateOf(useNow({ updateInterval: 60_000 }).toISOString(), days);
  const [named, name] = useParam("week");
  const week = weekOf(dateIn(named, today));
  const isNow = week.includes(today);
  const { begins, ends } = spanOf(week[0]!, week[6]!, days);
  const plan = useWeek(begins, ends, isNow);
  const move = useMover();
  const [dragged, setDragged] = useState<Task | null>(null);

  // A task that moves by keys or by its menu leaves its place in the page; what had the focus gets it back.
  const followed = useRef<string | null>(null);
  useEffect(() => {
    if (followed.current && document.activeElement === document.body) focusTask(followed.current);
  });

  const put = (task: Task, date: string) => {
    const due = movedTo(task.due_at!, date, days);
    if (due !== task.due_at) void move(task, due, date);
  };
  const follow = (task: Task, date: string) => {
    followed.current = task.id;
    put(task, date);
    if (!week.includes(date)) name(date, { replace: true });
  };

  const tasks = [...(plan.data ?? [])].sort((a, b) => Date.parse(a.due_at!) - Date.parse(b.due_at!));
  const on = (date: string) => tasks.filter((task) => dateOf(task.due_at!, days) === date);
  const overdue = isNow ? tasks.filter((task) => dateOf(task.due_at!, days) < week[0]!) : [];
  const shared = {
    week,
    onOpen,
    onDrag: setDragged,
    onMove: follow,
    onStep: (task: Task, by: number) => follow(task, shifted(dateOf(task.due_at!, days), by)),
  };
  const drop = (date: string) => {
    if (dragged) put(dragged, date);
    setDragged(null);
  };

  return (
    <div onPointerDown={() => (followed.current = null)}>
      <WeekBar week={week} isNow={isNow} onChange={name} />
      {plan.isPending && <ListSkeleton rows={7} />}
      {plan.isError && !plan.data && <ErrorState error={plan.error} onRetry={() => void plan.refetch()} />}
      {plan.data && (
        <>
          {overdue.length > 0 && <WeekDay {...shared} title={t("overdue")} tasks={overdue} />}
          <div className="grid gap-3 xl:grid-cols-7 xl:gap-2">
            {week.map((date, weekday) => (
              <WeekDay
                key={date}
                {...shared}
                date={date}
                isToday={date === today}
                budget={user?.weekly_budget[weekday] ?? 0}
                tasks={on(date)}
                onDrop={dragged ? () => drop(date) : undefined}
              />
            ))}
          </div>
          <p id="week-hint" className="mt-4 hidden text-sm text-muted md:block">
            {t("hint")}
          </p>
        </>
      )}
    </div>
  );
}
