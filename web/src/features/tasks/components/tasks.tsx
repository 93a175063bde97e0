"use client";

import dynamic from "next/dynamic";
import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { Input, Select } from "@/components/ui/field";
import { Page } from "@/components/ui/page";
import { ListSkeleton } from "@/components/ui/states";
import { Tabs } from "@/components/ui/tabs";
import { PRIORITIES, type Filters, type Priority } from "@/features/tasks/api/tasks";
import { QuickAdd } from "@/features/tasks/components/quick-add";
import { useChangeParams, useParam } from "@/lib/nav";

const TaskList = dynamic(() => import("@/features/tasks/components/task-list").then((module) => module.TaskList), {
  ssr: false,
  loading: () => <ListSkeleton />,
});
const WeekPlan = dynamic(() => import("@/features/tasks/components/week-plan"), { ssr: false, loading: () => <ListSkeleton /> });
const TaskSheet = dynamic(() => import("@/features/tasks/components/task-sheet").then((module) => module.TaskSheet), { ssr: false });

/** What is to do, what is done, and how to find it. */
export function Tasks() {
  const t = useTranslations("tasks");
  const [open, setOpen] = useParam("task");
  const [fresh] = useParam("new");
  const [view] = useParam("view");
  const change = useChangeParams();
  const inWeek = view === "week";
  const [status, setStatus] = useState<Filters["status"]>("open");
  const [q, setQ] = useState("");
  const [priority, setPriority] = useState<Priority | "">("");
  const sought = useDeferredValue(q.trim());
  const filters: Filters = { status, ...(sought && { q: sought }), ...(priority && { priority }) };
  const show = (chosen: Filters["status"] | "week") => {
    if (chosen !== "week") setStatus(chosen);
    if (inWeek !== (chosen === "week")) change({ view: chosen === "week" ? chosen : null, week: null });
  };
  return (
    <Page title={t("heading")} wide={inWeek}>
      <QuickAdd autoFocus={fresh !== null} />
      <div className="mb-4 mt-3 flex flex-wrap items-center gap-3">
        <Tabs
          label={t("show")}
          value={inWeek ? "week" : status}
          onChange={show}
          choices={[
            { value: "open", label: t("open") },
            { value: "completed", label: t("done") },
            { value: "week", label: t("week") },
          ]}
        />
        {!inWeek && (
          <div className="flex w-full min-w-0 justify-end gap-2 sm:w-auto sm:flex-1">
            <Input
              type="search"
              aria-label={t("search")}
              placeholder={t("search")}
              value={q}
              onChange={(event) => setQ(event.target.value)}
              className="h-10 min-w-0 flex-1 sm:max-w-52"
            />
            <Select
              aria-label={t("priority")}
              value={priority}
              onChange={(event) => setPriority(event.target.value as Priority | "")}
              className="h-10 w-auto"
            >
              <option value="">{t("anyPriority")}</option>
              {PRIORITIES.map((one) => (
                <option key={one} value={one}>
                  {t(`priorities.${one}`)}
                </option>
              ))}
            </Select>
          </div>
        )}
      </div>
      {inWeek ? <WeekPlan onOpen={(task) => setOpen(task.id)} /> : <TaskList filters={filters} onOpen={(task) => setOpen(task.id)} />}
      {open && <TaskSheet id={open} onClose={() => setOpen(null)} />}
    </Page>
  );
}
