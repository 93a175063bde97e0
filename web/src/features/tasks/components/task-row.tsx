"use client";

import { Check } from "lucide-react";
import { useTranslations } from "use-intl";
import type { Task } from "@/features/tasks/api/tasks";
import { TaskMarks } from "@/features/tasks/components/task-marks";
import { cn } from "@/lib/cn";

type Props = { task: Task; selected: boolean; onOpen: () => void; onSettle: (done: boolean) => void };

/** A task in the list: its check box, its title, which opens it, and its small print. */
export function TaskRow({ task, selected, onOpen, onSettle }: Props) {
  const t = useTranslations("tasks");
  const done = task.status === "completed";
  return (
    <div
      className={cn(
        "flex items-start gap-1 rounded-card border bg-surface py-2 pr-3 transition-colors",
        selected ? "border-accent" : "border-line",
      )}
    >
      <button
        type="button"
        role="checkbox"
        aria-checked={done}
        aria-label={t(done ? "reopenNamed" : "completeNamed", { title: task.title })}
        onClick={() => onSettle(!done)}
        className="grid size-11 shrink-0 place-items-center rounded-lg"
      >
        <span
          className={cn(
            "grid size-6 place-items-center rounded-full border-2",
            done ? "border-good bg-good text-surface" : "border-line-strong",
          )}
        >
          {done && <Check className="size-4" aria-hidden />}
        </span>
      </button>
      <div className="min-w-0 flex-1 py-1.5">
        <button
          type="button"
          onClick={onOpen}
          className={cn("block max-w-full rounded text-left font-medium [overflow-wrap:anywhere]", done && "text-muted line-through")}
        >
          {task.title}
        </button>
        <div className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-muted empty:hidden">
          <TaskMarks task={task} done={done} />
        </div>
      </div>
    </div>
  );
}
