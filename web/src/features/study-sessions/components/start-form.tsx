"use client";

import { Play } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { Card } from "@/components/ui/page";
import { Tabs } from "@/components/ui/tabs";
import { tell } from "@/components/ui/notes";
import { useStart } from "@/features/study-sessions/api/start";
import { useTaskChoices } from "@/features/study-sessions/api/task-choices";
import { LENGTHS, MAX_MINUTES, wholeMinutes, type Plan } from "@/features/study-sessions/components/plan";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

type Props = { plan: Plan; onPlan: (plan: Plan) => void };

/** How long, on what, and go. */
export function StartForm({ plan, onPlan }: Props) {
  const t = useTranslations("study");
  const say = useFaultText();
  const start = useStart();
  const tasks = useTaskChoices();
  const [faults, setFaults] = useState<Record<string, string>>({});
  const change = (changes: Partial<Plan>) => onPlan({ ...plan, ...changes });
  const preset = LENGTHS.find((one) => `${one.minutes}` === plan.minutes && `${one.rest}` === plan.rest);

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (start.isPending) return;
    const minutes = wholeMinutes(plan.minutes, 1, MAX_MINUTES);
    if (minutes === null) {
      setFaults({ planned_minutes: t("badMinutes", { max: MAX_MINUTES }) });
      event.currentTarget.querySelector<HTMLInputElement>("[name=minutes]")?.focus();
      return;
    }
    setFaults({});
    const task = tasks.data?.some(({ id }) => id === plan.task) ? { task_id: plan.task } : {};
    const subject = plan.subject.trim() ? { subject: plan.subject.trim() } : {};
    start.mutate(
      { planned_minutes: minutes, ...subject, ...task },
      {
        onError: (error) => {
          if (error instanceof ApiProblem) setFaults({ ...error.fields });
          tell(say(error), { tone: "bad" });
        },
      },
    );
  };

  return (
    <Card>
      <form noValidate onSubmit={submit} className="flex flex-col gap-5">
        <Tabs
          label={t("lengths")}
          value={preset?.name ?? ""}
          onChange={(name) => {
            const chosen = LENGTHS.find((one) => one.name === name);
            if (chosen) change({ minutes: `${chosen.minutes}`, rest: `${chosen.rest}` });
          }}
          choices={LENGTHS.map(({ name, minutes, rest }) => ({ value: name as string, label: t("length", { minutes, rest }) }))}
        />
        <div className="grid grid-cols-2 gap-4">
          <Field label={t("minutes")} fault={faults.planned_minutes}>
            {(wiring) => (
              <Input
                {...wiring}
                name="minutes"
                inputMode="numeric"
                autoComplete="off"
                value={plan.minutes}
                onChange={(event) => change({ minutes: event.target.value })}
              />
            )}
          </Field>
          <Field label={t("rest")}>
            {(wiring) => (
              <Input
                {...wiring}
                inputMode="numeric"
                autoComplete="off"
                value={plan.rest}
                onChange={(event) => change({ rest: event.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("task")}>
            {(wiring) => (
              <Select {...wiring} value={plan.task} onChange={(event) => change({ task: event.target.value })}>
                <option value="">{t("noTask")}</option>
                {tasks.data?.map(({ id, title }) => (
                  <option key={id} value={id}>
                    {title}
                  </option>
                ))}
              </Select>
            )}
          </Field>
          <Field label={t("subject")} fault={faults.subject}>
            {(wiring) => (
              <Input
                {...wiring}
                maxLength={100}
                value={plan.subject}
                placeholder={plan.task ? t("subjectOfTask") : t("optional")}
                onChange={(event) => change({ subject: event.target.value })}
              />
            )}
          </Field>
        </div>
        <Button type="submit" tone="accent" size="large" className="self-start max-sm:w-full" busy={start.isPending}>
          <Play aria-hidden />
          {t("start")}
        </Button>
      </form>
    </Card>
  );
}
