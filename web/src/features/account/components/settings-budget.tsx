"use client";

import { useId } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Input } from "@/components/ui/field";

type Props = {
  /** Monday to Sunday, as typed. */
  minutes: string[];
  isFaulty: (minutes: string) => boolean;
  fault?: string;
  onChange: (minutes: string[]) => void;
};

/** A Monday; its week lends the weekdays their names. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;

/** How many minutes each weekday is meant to hold. */
export function WeeklyBudget({ minutes, isFaulty, fault, onChange }: Props) {
  const t = useTranslations("settings");
  const format = useFormatter();
  const id = useId();
  const described = fault ? `${id}-fault ${id}-hint` : `${id}-hint`;
  const dayName = (day: number, weekday: "short" | "long") =>
    format.dateTime(new Date(MONDAY + day * DAY_MS), { weekday, timeZone: "UTC" });
  const firstFaulty = minutes.findIndex(isFaulty);
  return (
    <fieldset aria-describedby={described}>
      <legend className="text-sm font-medium">{t("budget")}</legend>
      <p id={`${id}-hint`} className="mb-2 text-sm text-muted">
        {t("budgetHint")}
      </p>
      <div className="grid grid-cols-[repeat(auto-fill,minmax(4.6rem,1fr))] gap-2">
        {minutes.map((value, day) => (
          <label key={day} className="flex flex-col gap-1 text-sm text-muted">
            <span aria-hidden>{dayName(day, "short")}</span>
            <Input
              // A refusal puts the focus on the field of this name: the first one that is wrong.
              name={day === Math.max(firstFaulty, 0) ? "weekly_budget" : undefined}
              aria-label={t("minutesOn", { day: dayName(day, "long") })}
              aria-invalid={fault && isFaulty(value) ? true : undefined}
              aria-describedby={described}
              inputMode="numeric"
              autoComplete="off"
              maxLength={4}
              value={value}
              onChange={(event) => onChange(minutes.map((one, at) => (at === day ? event.target.value : one)))}
            />
          </label>
        ))}
      </div>
      {fault && (
        <p id={`${id}-fault`} className="mt-1.5 text-sm text-bad">
          {fault}
        </p>
      )}
    </fieldset>
  );
}
