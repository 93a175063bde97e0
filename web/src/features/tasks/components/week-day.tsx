"use client";

import { useId, useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { Task } from "@/features/tasks/api/tasks";
import { useDayName } from "@/features/tasks/components/mover";
import { WeekTask, type TaskMoves } from "@/features/tasks/components/week-task";
import { cn } from "@/lib/cn";

type Props = TaskMoves & {
  tasks: Task[];
  /** Without a date it is a heap of tasks from elsewhere, which is called `title`. */
  date?: string;
  title?: string;
  isToday?: boolean;
  budget?: number;
  /** There while a task is being dragged. */
  onDrop?: () => void;
};

/** A day of the week with what is due on it; tasks can be dropped here. */
export function WeekDay({ tasks, date, title, isToday, budget, onDrop, ...moves }: Props) {
  const t = useTranslations("week");
  const heading = useId();
  const [over, setOver] = useState(false);
  return (
    <section
      aria-labelledby={heading}
      onDragOver={(event) => {
        if (!onDrop) return;
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={(event) => !event.currentTarget.contains(event.relatedTarget as Node | null) && setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        onDrop?.();
      }}
      className={cn(
        "min-w-0 rounded-card border p-2.5 transition-colors xl:p-2",
        date ? "xl:min-h-72" : "mb-3",
        over && onDrop ? "border-accent bg-accent-soft" : cn("bg-sunken", date ? (isToday ? "border-accent" : "border-line") : "border-bad/50"),
      )}
    >
      <h3 id={heading} className={cn("flex flex-wrap items-baseline gap-x-2 px-0.5 text-sm font-semibold", !date && "text-bad")}>
        {date ? <DayName date={date} /> : title}
        {isToday && <span className="font-medium text-accent">{t("today")}</span>}
      </h3>
      {date && <Minutes planned={sumOf(tasks)} budget={budget ?? 0} />}
      {tasks.length > 0 ? (
        <ul aria-labelledby={heading} className={cn("mt-2 grid gap-2", !date && "sm:grid-cols-2 xl:grid-cols-4")}>
          {tasks.map((task) => (
            <WeekTask key={task.id} task={task} date={date} {...moves} />
          ))}
        </ul>
      ) : (
        <p className="mt-2 px-0.5 text-sm text-muted">{t("free")}</p>
      )}
    </section>
  );
}

const sumOf = (tasks: Task[]) => tasks.reduce((sum, task) => sum + (task.estimated_minutes ?? 0), 0);

/** A column has room for a short name; whoever listens hears the whole one. */
function DayName({ date }: { date: string }) {
  const format = useFormatter();
  const nameOf = useDayName();
  const short = format.dateTime(new Date(`${date}T12:00:00Z`), { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" });
  return (
    <time dateTime={date}>
      <span className="sr-only">{nameOf(date)}</span>
      <span aria-hidden>
        <span className="xl:hidden">{nameOf(date)}</span>
        <span className="hidden xl:inline">{short}</span>
      </span>
    </time>
  );
}

/** What the tasks of a day take of the time that the person has on such a day. */
function Minutes({ planned, budget }: { planned: number; budget: number }) {
  const t = useTranslations("week");
  const over = planned > budget;
  return <p className={cn("px-0.5 text-sm", over ? "font-medium text-warn" : "text-muted")}>{t(over ? "over" : "planned", { minutes: planned, budget })}</p>;
}
