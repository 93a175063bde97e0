"use client";

import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useChangePassword } from "@/features/account/api/change-password";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

export const LEAST_NEW_PASSWORD = 10;

const FIELDS = ["current_password", "new_password"] as const;
type Faults = Partial<Record<(typeof FIELDS)[number] | "form", string>>;

/** Another password, by the one that is good now. */
export function PasswordForm({ email }: { email: string }) {
  const t = useTranslations("settings");
  const auth = useTranslations("auth");
  const say = useFaultText();
  const place = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const change = useChangePassword();

  const refuse = (found: Faults) => {
    setFaults(found);
    const first = FIELDS.find((name) => found[name]);
    if (first) place.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [current, fresh] = FIELDS.map((name) => String(given.get(name) ?? ""));
    if (!current) return refuse({ current_password: auth("needPassword") });
    if (fresh!.length < LEAST_NEW_PASSWORD) {
      return refuse({ new_password: auth("shortNewPassword", { least: LEAST_NEW_PASSWORD }) });
    }
    setFaults({});
    try {
      await change.mutateAsync({ current_password: current, new_password: fresh! });
      place.current?.reset();
      tell(t("passwordChanged"));
    } catch (error) {
      const about = error instanceof ApiProblem ? error.fields : {};
      const told = FIELDS.filter((name) => about[name]);
      refuse(told.length > 0 ? Object.fromEntries(told.map((name) => [name, about[name]])) : { form: say(error) });
    }
  };

  return (
    <form ref={place} noValidate onSubmit={submit} className="flex flex-col gap-4">
      <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
      <Field label={t("currentPassword")} fault={faults.current_password}>
        {(wiring) => <Input {...wiring} name="current_password" type="password" autoComplete="current-password" />}
      </Field>
      <Field label={auth("newPassword")} hint={auth("newPasswordHint", { least: LEAST_NEW_PASSWORD })} fault={faults.new_password}>
        {(wiring) => <Input {...wiring} name="new_password" type="password" autoComplete="new-password" />}
      </Field>
      <p role="alert" className="text-sm text-bad empty:hidden">
        {faults.form}
      </p>
      <Button type="submit" className="self-start" busy={change.isPending}>
        {t("changePassword")}
      </Button>
    </form>
  );
}
