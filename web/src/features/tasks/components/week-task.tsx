"use client";

import { CalendarArrowUp } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Menu } from "@/components/ui/menu";
import type { Task } from "@/features/tasks/api/tasks";
import { useDayName } from "@/features/tasks/components/mover";
import { stepOf } from "@/features/tasks/week";
import { cn } from "@/lib/cn";
import { shifted } from "@/lib/study-day";

export type TaskMoves = {
  week: string[];
  onOpen: (task: Task) => void;
  /** Null where the drag is over. */
  onDrag: (task: Task | null) => void;
  onMove: (task: Task, date: string) => void;
  onStep: (task: Task, days: number) => void;
};

const placeOf = (id: string) => `week-task-${id}`;

/** Gives a task of the plan the focus, if it is there. */
export function focusTask(id: string): void {
  document.getElementById(placeOf(id))?.focus();
}

/** A task of the plan: dragged, moved by Alt and arrows, or by its menu; its title opens it. */
export function WeekTask({ task, date, week, onOpen, onDrag, onMove, onStep }: TaskMoves & { task: Task; date?: string }) {
  const t = useTranslations("week");
  const format = useFormatter();
  const nameOf = useDayName();
  const due = new Date(task.due_at!);
  const time = format.dateTime(due, { ...(!date && { day: "numeric", month: "short" }), hour: "numeric", minute: "2-digit" });
  const others = week.filter((day) => day !== date);
  const later = date && shifted(date, 7);
  const choices = others.map((day) => ({ label: t("moveTo", { day: nameOf(day) }), onSelect: () => onMove(task, day) }));
  return (
    <li
      draggable
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = "move";
        // Some browsers drag nothing without it.
        event.dataTransfer.setData("text/plain", task.title);
        onDrag(task);
      }}
      onDragEnd={() => onDrag(null)}
      className={cn("cursor-grab rounded-lg border border-line bg-surface py-1.5 pl-2.5 pr-1", task.priority === "urgent" && "border-l-4 border-l-bad")}
    >
      <button
        type="button"
        id={placeOf(task.id)}
        aria-describedby="week-hint"
        aria-keyshortcuts="Alt+ArrowLeft Alt+ArrowRight Alt+ArrowUp Alt+ArrowDown"
        onClick={() => onOpen(task)}
        onKeyDown={(event) => {
          const step = stepOf(event);
          if (!step) return;
          // Else the browser would go back.
          event.preventDefault();
          onStep(task, step);
        }}
        className="block min-h-6 w-full rounded text-left text-[0.95rem] font-medium leading-snug hyphens-auto [overflow-wrap:anywhere]"
      >
        {task.title}
      </button>
      <div className="flex items-center gap-1 text-sm text-muted">
        <p className="min-w-0 flex-1">
          <time dateTime={task.due_at!}>{time}</time>
          {task.estimated_minutes !== null && ` · ${t("minutes", { minutes: task.estimated_minutes })}`}
        </p>
        <Menu
          trigger={
            <button type="button" aria-label={t("move", { title: task.title })} className="grid size-9 shrink-0 place-items-center rounded-lg hover:bg-sunken hover:text-ink">
              <CalendarArrowUp className="size-4" aria-hidden />
            </button>
          }
          choices={later ? [...choices, { label: t("weekLater"), onSelect: () => onMove(task, later) }] : choices}
        />
      </div>
    </li>
  );
}
