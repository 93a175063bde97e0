"use client";

import { Check } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "use-intl";
import type { Task } from "@/features/today/api/today";
import { cn } from "@/lib/cn";

type Props = { task: Task; late: boolean; onSettle: (done: boolean) => void };

/** A task of today: its check box, and its title, which leads to it. */
export function DueTask({ task, late, onSettle }: Props) {
  const t = useTranslations("today");
  const format = useFormatter();
  const done = task.status === "completed";
  const due = task.due_at ? new Date(task.due_at) : null;
  const clock = { hour: "numeric", minute: "2-digit" } as const;
  return (
    <li className="flex items-start gap-1">
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
      <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3 py-2">
        <Link
          href={`/tasks?task=${task.id}`}
          prefetch={false}
          className={cn("min-w-0 rounded [overflow-wrap:anywhere] hover:underline", done && "text-muted line-through")}
        >
          {task.title}
        </Link>
        {due && (
          <time dateTime={due.toISOString()} className="text-sm text-muted">
            {format.dateTime(due, late ? { day: "numeric", month: "short" } : clock)}
          </time>
        )}
      </div>
    </li>
  );
}
