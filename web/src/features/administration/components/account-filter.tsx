"use client";

import { useTranslations } from "use-intl";
import { Field, Input, Select } from "@/components/ui/field";
import { ROLES, type Role } from "@/features/administration/api/administration";
import type { Wanted } from "@/features/administration/api/list-accounts";

const STATES = { all: null, enabled: false, disabled: true } as const;
type State = keyof typeof STATES;

/** Which accounts are listed. */
export function AccountFilter({ wanted, onChange }: { wanted: Wanted; onChange: (wanted: Wanted) => void }) {
  const t = useTranslations("administration");
  const state = (Object.keys(STATES) as State[]).find((name) => STATES[name] === wanted.disabled);
  return (
    <div role="search" className="mb-4 grid gap-3 sm:grid-cols-[1fr_auto_auto]">
      <Field label={t("address")}>
        {(wiring) => (
          <Input
            {...wiring}
            type="search"
            autoComplete="off"
            maxLength={254}
            value={wanted.email}
            onChange={(event) => onChange({ ...wanted, email: event.target.value })}
          />
        )}
      </Field>
      <Field label={t("role")}>
        {(wiring) => (
          <Select {...wiring} value={wanted.role ?? ""} onChange={(event) => onChange({ ...wanted, role: (event.target.value || null) as Role | null })}>
            <option value="">{t("anyRole")}</option>
            {ROLES.map((role) => (
              <option key={role} value={role}>
                {t(`roles.${role}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("state")}>
        {(wiring) => (
          <Select {...wiring} value={state} onChange={(event) => onChange({ ...wanted, disabled: STATES[event.target.value as State] })}>
            {(Object.keys(STATES) as State[]).map((name) => (
              <option key={name} value={name}>
                {t(`states.${name}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
    </div>
  );
}
