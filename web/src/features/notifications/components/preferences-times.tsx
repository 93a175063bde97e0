"use client";

import { useFormatter, useTranslations } from "use-intl";
import { Field, Select } from "@/components/ui/field";
import type { Preferences } from "@/features/notifications/api/notifications";
import { LOCALES, LOCALE_NAMES } from "@/lib/i18n/messages";

const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
/** A Monday; its week lends the weekdays their names. */
const MONDAY = Date.UTC(2024, 0, 1);
const DAY_MS = 86_400_000;
const NIGHT = { start: 22, end: 7 };

type Props = { wishes: Preferences; fault?: string; onChange: (part: Partial<Preferences>) => void };

/** When reminders come, when nothing does, and the language of letters. */
export function Times({ wishes, fault, onChange }: Props) {
  const t = useTranslations("notifications");
  const format = useFormatter();
  const quiet = wishes.quiet_hours;
  const days = HOURS.slice(0, 7).map((day) => format.dateTime(new Date(MONDAY + day * DAY_MS), { weekday: "long", timeZone: "UTC" }));
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-3">
        <Hour label={t("reminderHour")} value={wishes.reminder_hour} onChange={(reminder_hour) => onChange({ reminder_hour })} />
        <Field label={t("digestDay")}>
          {(wiring) => (
            <Select {...wiring} value={wishes.digest_weekday} onChange={(event) => onChange({ digest_weekday: Number(event.target.value) })}>
              {days.map((name, day) => (
                <option key={day} value={day}>
                  {name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label={t("language")}>
          {(wiring) => (
            <Select {...wiring} value={wishes.language} onChange={(event) => onChange({ language: event.target.value as Preferences["language"] })}>
              {LOCALES.map((locale) => (
                <option key={locale} value={locale} lang={locale}>
                  {LOCALE_NAMES[locale]}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <label className="flex cursor-pointer items-start justify-between gap-6">
        <span>
          <span className="font-medium">{t("quiet")}</span>
          <span className="block text-sm text-muted">{t("quietHint")}</span>
        </span>
        <input
          type="checkbox"
          className="mt-0.5 size-6 shrink-0 accent-accent"
          checked={quiet !== null}
          onChange={(event) => onChange({ quiet_hours: event.target.checked ? NIGHT : null })}
        />
      </label>
      {quiet && (
        <div className="grid gap-4 sm:grid-cols-2">
          <Hour label={t("quietFrom")} value={quiet.start} onChange={(start) => onChange({ quiet_hours: { ...quiet, start } })} />
          <Hour label={t("quietTo")} fault={fault} value={quiet.end} onChange={(end) => onChange({ quiet_hours: { ...quiet, end } })} />
        </div>
      )}
    </>
  );
}

type HourProps = { label: string; fault?: string; value: number; onChange: (hour: number) => void };

function Hour({ label, fault, value, onChange }: HourProps) {
  return (
    <Field label={label} fault={fault}>
      {(wiring) => (
        <Select {...wiring} value={value} onChange={(event) => onChange(Number(event.target.value))}>
          {HOURS.map((hour) => (
            <option key={hour} value={hour}>
              {`${String(hour).padStart(2, "0")}:00`}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
