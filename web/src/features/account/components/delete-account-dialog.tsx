"use client";

import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useDeleteAccount } from "@/features/account/api/delete-account";
import { ApiProblem } from "@/lib/api/problem";
import type { User } from "@/lib/auth/session";
import { useFaultText } from "@/lib/fault-text";

const FIELDS = ["confirmation", "password"] as const;
type Faults = Partial<Record<(typeof FIELDS)[number] | "form", string>>;

/** What is lost, and the proof that it is meant: the address typed by hand, and the password where there is one. */
export function DeleteAccountDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const t = useTranslations("data");
  const auth = useTranslations("auth");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const place = useRef<HTMLFormElement>(null);
  const [faults, setFaults] = useState<Faults>({});
  const remove = useDeleteAccount();

  const refuse = (found: Faults) => {
    setFaults(found);
    const first = FIELDS.find((name) => found[name]);
    if (first) place.current?.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const [confirmation, password] = FIELDS.map((name) => String(given.get(name) ?? ""));
    const found: Faults = {};
    // The same folding as the server's: nobody should fail at a capital letter.
    if (confirmation!.trim().toLowerCase() !== user.email.toLowerCase()) found.confirmation = t("needAddress", { email: user.email });
    if (user.has_password && !password) found.password = auth("needPassword");
    if (Object.keys(found).length > 0) return refuse(found);
    setFaults({});
    try {
      await remove.mutateAsync(user.has_password ? { password } : { confirmation });
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "wrong_password") return refuse({ password: t("wrongPassword") });
      refuse({ form: say(error) });
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("deleteTitle")} description={t("deleteLead")}>
      <ul className="mb-4 list-disc pl-5 text-[0.95rem]">
        {(["documents", "cards", "tasks", "talks", "rest"] as const).map((part) => (
          <li key={part}>{t(`lost.${part}`)}</li>
        ))}
      </ul>
      <form ref={place} noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={<span className="[overflow-wrap:anywhere]">{t("typeAddress", { email: user.email })}</span>} fault={faults.confirmation}>
          {(wiring) => <Input {...wiring} name="confirmation" autoComplete="off" autoCapitalize="off" spellCheck={false} inputMode="email" />}
        </Field>
        {user.has_password && (
          <Field label={auth("password")} fault={faults.password}>
            {(wiring) => <Input {...wiring} name="password" type="password" autoComplete="current-password" />}
          </Field>
        )}
        <p role="alert" className="text-sm text-bad empty:hidden">
          {faults.form}
        </p>
        <div className="flex flex-wrap justify-end gap-3">
          <Button onClick={onClose}>{ui("cancel")}</Button>
          <Button type="submit" tone="danger" busy={remove.isPending}>
            {t("deleteForGood")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
