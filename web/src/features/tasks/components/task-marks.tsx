"use client";

import { Flag, Hash, Repeat, Timer } from "lucide-react";
import { useTranslations } from "use-intl";
import { Due } from "@/features/tasks/components/due";
import type { Draft, Task } from "@/features/tasks/api/tasks";
import { cn } from "@/lib/cn";

const TONE = { low: "text-muted", medium: "", high: "text-warn", urgent: "text-bad" } as const;

/** The small print of a task: when, how urgent, for what, how long, how often. */
export function TaskMarks({ task, done }: { task: Draft | Task; done?: boolean }) {
  const t = useTranslations("tasks");
  return (
    <>
      {task.due_at && <Due at={task.due_at} done={done} />}
      {task.priority !== "medium" && (
        <span className={cn("inline-flex items-center gap-1", TONE[task.priority])}>
          <Flag className="size-3.5" aria-hidden />
          {t(`priorities.${task.priority}`)}
        </span>
      )}
      {task.subject && (
        <span className="inline-flex items-center gap-1">
          <Hash className="size-3.5" aria-hidden />
          {task.subject}
        </span>
      )}
      {task.estimated_minutes !== null && (
        <span className="inline-flex items-center gap-1">
          <Timer className="size-3.5" aria-hidden />
          {t("minutes", { minutes: task.estimated_minutes })}
        </span>
      )}
      {task.recurrence && (
        <span className="inline-flex items-center gap-1">
          <Repeat className="size-3.5" aria-hidden />
          {t("repeats")}
        </span>
      )}
    </>
  );
}
