"use client";

import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { CircleCheckBig } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useTasks } from "@/features/tasks/api/list";
import { useSettleTask } from "@/features/tasks/api/settle";
import type { Filters, Task } from "@/features/tasks/api/tasks";
import { TaskRow } from "@/features/tasks/components/task-row";
import { useFaultText } from "@/lib/fault-text";
import { useKeys } from "@/lib/keys";

const ROW = 76;

/** The list; only the rows in sight are in the page. j and k move, Enter opens, x checks off. */
export function TaskList({ filters, onOpen }: { filters: Filters; onOpen: (task: Task) => void }) {
  const t = useTranslations("tasks");
  const say = useFaultText();
  const list = useTasks(filters);
  const settle = useSettleTask();
  const [selected, setSelected] = useState<number>(-1);
  const place = useRef<HTMLUListElement>(null);
  const tasks = (list.data?.pages ?? []).flatMap((page) => page.items);

  const [top, setTop] = useState(0);
  useEffect(() => setTop(place.current?.offsetTop ?? 0), [tasks.length]);
  const rows = useWindowVirtualizer({
    count: tasks.length,
    estimateSize: () => ROW,
    overscan: 8,
    gap: 8,
    scrollMargin: top,
    getItemKey: (index) => tasks[index]?.id ?? index,
  });
  const shown = rows.getVirtualItems();

  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  const last = shown.at(-1)?.index ?? -1;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= tasks.length - 10) void fetchNextPage();
  }, [last, tasks.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

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

  const move = (by: number) => {
    const next = Math.max(0, Math.min(tasks.length - 1, selected + by));
    setSelected(next);
    rows.scrollToIndex(next, { align: "auto" });
  };
  const current = tasks[selected];
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Enter: current && (() => onOpen(current)),
    x: current && (() => check(current, current.status === "open")),
  });

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (tasks.length === 0) {
    const bare = filters.status === "open" && !filters.q && !filters.priority && !filters.subject;
    return (
      <EmptyState icon={CircleCheckBig} title={t(bare ? "emptyTitle" : "noneTitle")}>
        {t(bare ? "emptyText" : "noneText")}
      </EmptyState>
    );
  }
  return (
    <ul ref={place} aria-label={t("heading")} className="relative" style={{ height: rows.getTotalSize() }}>
      {shown.map((item) => {
        const task = tasks[item.index]!;
        return (
          <li
            key={item.key}
            ref={rows.measureElement}
            data-index={item.index}
            aria-setsize={hasNextPage ? -1 : tasks.length}
            aria-posinset={item.index + 1}
            className="absolute inset-x-0 top-0"
            style={{ transform: `translateY(${item.start - top}px)` }}
          >
            <TaskRow
              task={task}
              selected={item.index === selected}
              onOpen={() => onOpen(task)}
              onSettle={(done) => check(task, done)}
            />
          </li>
        );
      })}
    </ul>
  );
}
