"use client";

import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { tell } from "@/components/ui/notes";
import { ROLES, type Account, type Role } from "@/features/administration/api/administration";
import { useChangeAccount } from "@/features/administration/api/change-account";
import { useRefusal } from "@/features/administration/components/refusal";

/** What somebody may do; everybody has at least one role. */
export function RolesForm({ account, onChanged }: { account: Account; onChanged: (account: Account) => void }) {
  const t = useTranslations("administration");
  const ui = useTranslations("ui");
  const refusal = useRefusal();
  const change = useChangeAccount(account);
  const [roles, setRoles] = useState<Role[]>(account.roles);
  const [fault, setFault] = useState("");

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFault(roles.length === 0 ? t("needRole") : "");
    if (roles.length === 0) return;
    try {
      onChanged(await change.mutateAsync({ roles }));
      tell(ui("saved"));
    } catch (error) {
      setFault(refusal(error));
    }
  };

  return (
    <form onSubmit={submit}>
      <fieldset>
        <legend className="font-medium">{t("rolesTitle")}</legend>
        {ROLES.map((role) => (
          <label key={role} className="flex cursor-pointer items-center gap-3 py-1.5">
            <input
              type="checkbox"
              className="size-6 shrink-0 accent-accent"
              checked={roles.includes(role)}
              onChange={(event) => setRoles(event.target.checked ? [...roles, role] : roles.filter((one) => one !== role))}
            />
            <span>
              {t(`roles.${role}`)} <span className="block text-sm text-muted">{t(`mayDo.${role}`)}</span>
            </span>
          </label>
        ))}
      </fieldset>
      <p role="alert" className="text-sm text-bad empty:hidden">
        {fault}
      </p>
      <Button type="submit" className="mt-3" busy={change.isPending}>
        {ui("save")}
      </Button>
    </form>
  );
}
