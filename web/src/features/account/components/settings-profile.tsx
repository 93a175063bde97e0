"use client";

import { memo, useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Afterwards } from "@/components/ui/afterwards";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useEditProfile } from "@/features/account/api/edit-profile";
import { getProfile } from "@/features/account/api/get-profile";
import { WeeklyBudget } from "@/features/account/components/settings-budget";
import { ApiProblem } from "@/lib/api/problem";
import { keepUser, type User } from "@/lib/auth/session";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

type Form = { name: string; zone: string; startsAt: number; budget: string[] };
type Faults = Partial<Record<"display_name" | "time_zone" | "day_starts_at" | "weekly_budget" | "form", string>>;

const FIELDS = ["display_name", "time_zone", "day_starts_at", "weekly_budget"] as const;
const HOURS = Array.from({ length: 24 }, (_, hour) => hour);
const MINUTES_A_DAY = 1_440;

const formOf = (user: User): Form => ({
  name: user.display_name,
  zone: user.time_zone,
  startsAt: user.day_starts_at,
  budget: user.weekly_budget.map(String),
});

/** The zones that this browser knows, and the present one in any case. */
function zonesWith(present: string): string[] {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes(present) ? known : [present, ...known];
}

const zoneOption = (zone: string) => (
  <option key={zone} value={zone}>
    {zone.replaceAll("_", " ")}
  </option>
);

/** Four hundred options: the chosen one first, the others when there is a moment, and none again at each key in another field. */
const Zones = memo(function Zones({ present }: { present: string }) {
  return <Afterwards instead={zoneOption(present)}>{zonesWith(present).map(zoneOption)}</Afterwards>;
});

const isBudget = (minutes: string) => /^\d{1,4}$/.test(minutes.trim()) && Number(minutes) <= MINUTES_A_DAY;

/** Name, time zone, the hour at which days start, and the minutes meant for each weekday. */
export function ProfileForm({ user }: { user: User }) {
  const t = useTranslations("settings");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const place = useRef<HTMLFormElement>(null);
  const [draft, setDraft, clear] = useDraft<Form | null>(`profile-${user.id}`, null);
  const form = draft ?? formOf(user);
  const [faults, setFaults] = useState<Faults>({});
  const edit = useEditProfile(user);
  const change = (part: Partial<Form>) => setDraft({ ...form, ...part });

  const refuse = (found: Faults) => {
    setFaults(found);
    const first = FIELDS.find((name) => found[name]);
    if (first) place.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
  };

  const explain = async (error: unknown) => {
    if (error instanceof ApiProblem && error.code === "stale_version") {
      // What was typed stays in the draft; saving again goes on from what the other device wrote.
      keepUser(await getProfile());
      return tell(t("stale"), { tone: "bad" });
    }
    const told = error instanceof ApiProblem ? FIELDS.filter((name) => error.fields[name]) : [];
    if (told.length > 0) refuse(Object.fromEntries(told.map((name) => [name, (error as ApiProblem).fields[name]])));
    else refuse({ form: say(error) });
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found: Faults = {};
    if (!form.name.trim()) found.display_name = t("needName");
    if (!form.budget.every(isBudget)) found.weekly_budget = t("needMinutes");
    if (Object.keys(found).length > 0) return refuse(found);
    setFaults({});
    try {
      await edit.mutateAsync({
        display_name: form.name.trim(),
        time_zone: form.zone,
        day_starts_at: form.startsAt,
        weekly_budget: form.budget.map(Number),
      });
      clear();
      tell(ui("saved"));
    } catch (error) {
      await explain(error).catch((other: unknown) => refuse({ form: say(other) }));
    }
  };

  return (
    <form ref={place} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("name")} fault={faults.display_name}>
        {(wiring) => (
          <Input {...wiring} name="display_name" autoComplete="name" maxLength={100} value={form.name} onChange={(event) => change({ name: event.target.value })} />
        )}
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("zone")} fault={faults.time_zone}>
          {(wiring) => (
            <Select {...wiring} name="time_zone" value={form.zone} onChange={(event) => change({ zone: event.target.value })}>
              <Zones present={form.zone} />
            </Select>
          )}
        </Field>
        <Field label={t("startsAt")} hint={t("startsAtHint")} fault={faults.day_starts_at}>
          {(wiring) => (
            <Select {...wiring} name="day_starts_at" value={form.startsAt} onChange={(event) => change({ startsAt: Number(event.target.value) })}>
              {HOURS.map((hour) => (
                <option key={hour} value={hour}>
                  {`${String(hour).padStart(2, "0")}:00`}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      <WeeklyBudget minutes={form.budget} isFaulty={(minutes) => !isBudget(minutes)} fault={faults.weekly_budget} onChange={(budget) => change({ budget })} />
      <p role="alert" className="text-sm text-bad empty:hidden">
        {faults.form}
      </p>
      <Button type="submit" tone="accent" className="self-start" busy={edit.isPending}>
        {ui("save")}
      </Button>
    </form>
  );
}
