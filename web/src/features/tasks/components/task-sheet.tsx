"use client";

import { Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select, Textarea } from "@/components/ui/field";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useAddTask } from "@/features/tasks/api/add";
import { useDeleteTask } from "@/features/tasks/api/delete";
import { useEditTask } from "@/features/tasks/api/edit";
import { useTask } from "@/features/tasks/api/get";
import { PRIORITIES, type Priority, type Task } from "@/features/tasks/api/tasks";
import { ApiProblem } from "@/lib/api/problem";
import { useSession } from "@/lib/auth/session";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";
import { changedInstant, toLocal } from "@/lib/local-time";

/** Everything about one task, to be changed. */
export function TaskSheet({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useTranslations("tasks");
  const task = useTask(id);
  return (
    <Dialog shape="sheet" open onOpenChange={(open) => !open && onClose()} title={t("details")}>
      {task.isPending && <ListSkeleton rows={5} />}
      {task.isError && <ErrorState error={task.error} onRetry={() => void task.refetch()} />}
      {task.data && <TaskForm key={task.data.version} task={task.data} onClose={onClose} />}
    </Dialog>
  );
}

const REPEATS = ["", "FREQ=DAILY", "FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"] as const;
const REPEAT_NAMES = ["never", "daily", "weekly", "fortnightly", "monthly"] as const;

type Form = {
  title: string;
  description: string;
  subject: string;
  due: string;
  priority: Priority;
  minutes: string;
  recurrence: string;
};

function formOf(task: Task, zone: string): Form {
  return {
    title: task.title,
    description: task.description,
    subject: task.subject ?? "",
    due: task.due_at ? toLocal(task.due_at, zone) : "",
    priority: task.priority,
    minutes: task.estimated_minutes?.toString() ?? "",
    recurrence: task.recurrence ?? "",
  };
}

function TaskForm({ task, onClose }: { task: Task; onClose: () => void }) {
  const t = useTranslations("tasks");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const zone = useSession((session) => session.user?.time_zone) ?? "UTC";
  const [form, setForm, clear] = useDraft<Form>(`task-${task.id}-${task.version}`, formOf(task, zone));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const edit = useEditTask(task);
  const remove = useDeleteTask();
  const add = useAddTask();
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!form.title.trim()) return setFaults({ title: t("needTitle") });
    try {
      await edit.mutateAsync({
        title: form.title.trim(),
        description: form.description,
        subject: form.subject.trim() || null,
        due_at: changedInstant(form.due, zone, task.due_at),
        priority: form.priority,
        estimated_minutes: form.minutes ? Number(form.minutes) : null,
        recurrence: form.recurrence || null,
      });
      clear();
      tell(ui("saved"));
      onClose();
    } catch (error) {
      setFaults(error instanceof ApiProblem && Object.keys(error.fields).length > 0 ? error.fields : { form: say(error) });
    }
  };

  const drop = async () => {
    try {
      await remove.mutateAsync(task);
      clear();
      const { title, description, subject, due_at, priority, estimated_minutes, recurrence } = task;
      const again = { title, description, subject, due_at, priority, estimated_minutes, recurrence };
      tell(t("deleted", { title }), { undo: () => add.mutate(again) });
      onClose();
    } catch (error) {
      setFaults({ form: say(error) });
    }
  };

  const own = REPEATS.includes(form.recurrence as (typeof REPEATS)[number]) ? null : form.recurrence;
  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("title")} fault={faults.title}>
        {(wiring) => <Input {...wiring} value={form.title} maxLength={255} onChange={(event) => change({ title: event.target.value })} />}
      </Field>
      <Field label={t("description")} fault={faults.description}>
        {(wiring) => <Textarea {...wiring} value={form.description} maxLength={10_000} rows={5} onChange={(event) => change({ description: event.target.value })} />}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("due")} fault={faults.due_at}>
          {(wiring) => <Input {...wiring} type="datetime-local" value={form.due} onChange={(event) => change({ due: event.target.value })} />}
        </Field>
        <Field label={t("estimate")} fault={faults.estimated_minutes}>
          {(wiring) => <Input {...wiring} type="number" min={1} max={100_000} inputMode="numeric" value={form.minutes} onChange={(event) => change({ minutes: event.target.value })} />}
        </Field>
        <Field label={t("subject")} fault={faults.subject}>
          {(wiring) => <Input {...wiring} value={form.subject} maxLength={100} onChange={(event) => change({ subject: event.target.value })} />}
        </Field>
        <Field label={t("priority")}>
          {(wiring) => (
            <Select {...wiring} value={form.priority} onChange={(event) => change({ priority: event.target.value as Priority })}>
              {PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {t(`priorities.${priority}`)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("recurrence")} fault={faults.recurrence}>
          {(wiring) => (
            <Select {...wiring} value={form.recurrence} onChange={(event) => change({ recurrence: event.target.value })}>
              {REPEATS.map((rule, number) => (
                <option key={rule} value={rule}>
                  {t(`every.${REPEAT_NAMES[number]!}`)}
                </option>
              ))}
              {own && <option value={own}>{own}</option>}
            </Select>
          )}
        </Field>
      </div>
      <p role="alert" className="text-sm text-bad empty:hidden">
        {faults.form}
      </p>
      <div className="flex items-center gap-3 pt-1">
        <Button type="submit" tone="accent" busy={edit.isPending}>
          {ui("save")}
        </Button>
        <Button tone="danger" className="ml-auto" onClick={drop} busy={remove.isPending}>
          <Trash2 aria-hidden /> {ui("delete")}
        </Button>
      </div>
    </form>
  );
}
