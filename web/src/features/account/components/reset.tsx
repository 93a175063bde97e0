"use client";

import { useSearchParams } from "next/navigation";
import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { resetPassword } from "@/features/account/api/reset-password";
import { LEAST_NEW_PASSWORD } from "@/features/account/components/settings-password";
import { Threshold, ThresholdLink } from "@/features/account/components/threshold";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

/** Set the password that a letter was asked for. */
export function Reset() {
  const t = useTranslations("auth");
  const say = useFaultText();
  const token = useSearchParams().get("token") ?? "";
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<"open" | "done" | "spent">(token ? "open" : "spent");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const password = field.current?.value ?? "";
    if (password.length < LEAST_NEW_PASSWORD) {
      setFault(t("shortNewPassword", { least: LEAST_NEW_PASSWORD }));
      return field.current?.focus();
    }
    setFault(null);
    setBusy(true);
    try {
      await resetPassword(token, password);
      setOutcome("done");
    } catch (error) {
      const about = error instanceof ApiProblem ? error.fields : {};
      if (about.password) setFault(about.password);
      else if (error instanceof ApiProblem && error.status < 429) setOutcome("spent");
      else setFault(say(error));
    }
    setBusy(false);
  };

  return (
    <Threshold title={t("resetTitle")}>
      {outcome === "open" && (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t("newPassword")} hint={t("newPasswordHint", { least: LEAST_NEW_PASSWORD })} fault={fault}>
            {(wiring) => <Input {...wiring} ref={field} name="password" type="password" autoComplete="new-password" />}
          </Field>
          <Button type="submit" tone="accent" size="large" busy={busy}>
            {t("setPassword")}
          </Button>
        </form>
      )}
      {outcome === "done" && <p role="status">{t("passwordSet")}</p>}
      {outcome === "spent" && <p role="alert">{t("linkSpent")}</p>}
      {outcome === "spent" ? (
        <ThresholdLink href="/forgot">{t("sendAnother")}</ThresholdLink>
      ) : (
        <ThresholdLink href="/login">{t("backToLogin")}</ThresholdLink>
      )}
    </Threshold>
  );
}
