"use client";

import { Flag, Hash, Repeat, Timer } from "lucide-react";
import { useTranslations } from "use-intl";
import { Due } from "@/features/tasks/components/due";
import { Mark } from "@/features/tasks/components/mark";
import type { Draft, DraftPart, Task } from "@/features/tasks/api/tasks";

const TONE = { low: "text-muted", medium: "", high: "text-warn", urgent: "text-bad" } as const;

type Props = { task: Draft | Task; done?: boolean; onRemove?: (part: DraftPart) => void };

/** The small print of a task: when, how urgent, for what, how long, how often. */
export function TaskMarks({ task, done, onRemove }: Props) {
  const t = useTranslations("tasks");
  return (
    <>
      {task.due_at && (
        // A task that repeats has a day because of that.
        <Mark part="due_at" onRemove={task.recurrence ? undefined : onRemove}>
          <Due at={task.due_at} done={done} />
        </Mark>
      )}
      {task.priority !== "medium" && (
        <Mark part="priority" icon={Flag} tone={TONE[task.priority]} onRemove={onRemove}>
          {t(`priorities.${task.priority}`)}
        </Mark>
      )}
      {task.subject && (
        <Mark part="subject" icon={Hash} onRemove={onRemove}>
          {task.subject}
        </Mark>
      )}
      {task.estimated_minutes !== null && (
        <Mark part="estimated_minutes" icon={Timer} onRemove={onRemove}>
          {t("minutes", { minutes: task.estimated_minutes })}
        </Mark>
      )}
      {task.recurrence && (
        <Mark part="recurrence" icon={Repeat} onRemove={onRemove}>
          {t("repeats")}
        </Mark>
      )}
    </>
  );
}
