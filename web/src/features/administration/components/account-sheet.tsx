"use client";

import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { tell } from "@/components/ui/notes";
import type { Account } from "@/features/administration/api/administration";
import { useChangeAccount, useEndLogIns } from "@/features/administration/api/change-account";
import { AccountEvents } from "@/features/administration/components/account-events";
import { RolesForm } from "@/features/administration/components/roles-form";
import { useRefusal } from "@/features/administration/components/refusal";

type Props = { account: Account; onChanged: (account: Account) => void; onClose: () => void };

/** One account: its roles, its access, and what happened to it. What its owner studies is nobody else's. */
export function AccountSheet({ account, onChanged, onClose }: Props) {
  const t = useTranslations("administration");
  const format = useFormatter();
  const since = format.dateTime(new Date(account.created_at), { dateStyle: "medium" });
  return (
    <Dialog
      open
      shape="sheet"
      onOpenChange={(open) => !open && onClose()}
      title={<span className="[overflow-wrap:anywhere]">{account.email}</span>}
      description={<span className="[overflow-wrap:anywhere]">{t("since", { name: account.display_name, since })}</span>}
    >
      <div className="flex flex-col gap-7">
        <RolesForm key={account.version} account={account} onChanged={onChanged} />
        <Access account={account} onChanged={onChanged} />
        <section>
          <h3 className="mb-2 font-medium">{t("events")}</h3>
          <AccountEvents id={account.id} />
        </section>
      </div>
    </Dialog>
  );
}

function Access({ account, onChanged }: Omit<Props, "onClose">) {
  const t = useTranslations("administration");
  const refusal = useRefusal();
  const change = useChangeAccount(account);
  const end = useEndLogIns(account);
  const [fault, setFault] = useState("");
  const refuse = (error: Error) => setFault(refusal(error));
  const begin = () => setFault("");
  const turn = () => {
    begin();
    const done = (changed: Account) => {
      tell(t(changed.disabled ? "disabledNow" : "enabledNow", { email: changed.email }));
      onChanged(changed);
    };
    change.mutate({ disabled: !account.disabled }, { onSuccess: done, onError: refuse });
  };
  const logOut = () => {
    begin();
    end.mutate(undefined, { onSuccess: () => tell(t("loggedOut", { email: account.email })), onError: refuse });
  };
  return (
    <section>
      <h3 className="font-medium">{t("access")}</h3>
      <p className="mb-3 text-[0.95rem] text-muted">{t(account.disabled ? "accessDisabled" : "accessText")}</p>
      <div className="flex flex-wrap gap-3">
        <Button tone={account.disabled ? "plain" : "danger"} busy={change.isPending} onClick={turn}>
          {t(account.disabled ? "enable" : "disable")}
        </Button>
        {!account.disabled && (
          <Button busy={end.isPending} onClick={logOut}>
            {t("logOut")}
          </Button>
        )}
      </div>
      <p role="alert" className="mt-2 text-sm text-bad empty:hidden">
        {fault}
      </p>
    </section>
  );
}
