"use client";

import { useTranslations } from "use-intl";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useDue } from "@/features/today/api/list-due";
import { useSettle } from "@/features/today/api/settle";
import type { Task } from "@/features/today/api/today";
import { Block } from "@/features/today/components/block";
import { DueTask } from "@/features/today/components/due-task";
import { useFaultText } from "@/lib/fault-text";
import type { StudyDay } from "@/lib/study-day";

const SHOWN = 8;

/** What is overdue and what is due today, to be checked off right here. */
export function DueTasks({ day }: { day: StudyDay }) {
  const t = useTranslations("today");
  const say = useFaultText();
  const due = useDue(day.ends);
  const settle = useSettle();

  const check = (task: Task, done: boolean) =>
    settle.mutate(
      { task, done },
      {
        onSuccess: () =>
          tell(t(done ? "completed" : "reopened", { title: task.title }), {
            undo: () => settle.mutate({ task, done: !done }),
          }),
        onError: (error) => tell(say(error), { tone: "bad" }),
      },
    );

  const tasks = due.data?.items ?? [];
  const shown = tasks.slice(0, SHOWN);
  const isOver = (task: Task) => Date.parse(task.due_at ?? "") < Date.parse(day.begins);
  const parts = [
    { name: "overdue" as const, tasks: shown.filter(isOver) },
    { name: "dueToday" as const, tasks: shown.filter((task) => !isOver(task)) },
  ].filter((part) => part.tasks.length > 0);
  const hidden = tasks.length - shown.length;
  const empty = due.isSuccess && tasks.length === 0;
  return (
    <Block title={t("tasks")} more={{ href: "/tasks", label: t(empty ? "planTask" : "allTasks") }}>
      {due.isPending && <ListSkeleton rows={2} />}
      {due.isError && !due.data && <ErrorState error={due.error} onRetry={() => void due.refetch()} />}
      {empty && <p className="text-muted">{t("nothingDue")}</p>}
      {parts.map((part) => (
        <div key={part.name} className="mt-1">
          <h3 id={`due-${part.name}`} className={part.name === "overdue" ? "text-sm font-medium text-bad" : "text-sm font-medium text-muted"}>
            {t(part.name)}
          </h3>
          <ul aria-labelledby={`due-${part.name}`} className="-ml-2.5">
            {part.tasks.map((task) => (
              <DueTask key={task.id} task={task} late={part.name === "overdue"} onSettle={(done) => check(task, done)} />
            ))}
          </ul>
        </div>
      ))}
      {hidden > 0 && <p className="text-sm text-muted">{t("moreDue", { count: hidden })}</p>}
    </Block>
  );
}
