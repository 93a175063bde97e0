"use client";

import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { askForReset } from "@/features/account/api/ask-for-reset";
import { Threshold, ThresholdLink } from "@/features/account/components/threshold";
import { useFaultText } from "@/lib/fault-text";

/** Ask for a letter by which a new password can be set. */
export function Forgot() {
  const t = useTranslations("auth");
  const say = useFaultText();
  const field = useRef<HTMLInputElement>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [sentTo, setSentTo] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const email = field.current?.value.trim() ?? "";
    setFault(email ? null : t("needEmail"));
    if (!email) return field.current?.focus();
    setBusy(true);
    try {
      await askForReset(email);
      setSentTo(email);
    } catch (error) {
      setFault(say(error));
      field.current?.focus();
    }
    setBusy(false);
  };

  return (
    <Threshold title={t("forgotTitle")}>
      {sentTo ? (
        <p role="status" className="[overflow-wrap:anywhere]">
          {t("letterSent", { email: sentTo })}
        </p>
      ) : (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          <p className="text-muted">{t("forgotText")}</p>
          <Field label={t("email")} fault={fault}>
            {(wiring) => <Input {...wiring} ref={field} name="email" type="email" autoComplete="username" inputMode="email" />}
          </Field>
          <Button type="submit" tone="accent" size="large" busy={busy}>
            {t("sendLetter")}
          </Button>
        </form>
      )}
      <ThresholdLink href="/login">{t("backToLogin")}</ThresholdLink>
    </Threshold>
  );
}
