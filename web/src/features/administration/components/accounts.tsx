"use client";

import { UserSearch } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/page";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import type { Account } from "@/features/administration/api/administration";
import { useAccounts, type Wanted } from "@/features/administration/api/list-accounts";
import { AccountFilter } from "@/features/administration/components/account-filter";
import { AccountSheet } from "@/features/administration/components/account-sheet";
import { useSettled } from "@/lib/settled";

const EVERYBODY: Wanted = { email: "", role: null, disabled: null };

/** All accounts, found by address, role and state; each opens with what can be done to it. */
export function Accounts() {
  const t = useTranslations("administration");
  const ui = useTranslations("ui");
  const [wanted, setWanted] = useState(EVERYBODY);
  const [opened, setOpened] = useState<Account | null>(null);
  const accounts = useAccounts({ ...wanted, email: useSettled(wanted.email.trim()) });
  const all = accounts.data?.pages.flatMap((page) => page.items) ?? [];
  // What another look at the list brought is newer than what was opened.
  const shown = opened && (all.find(({ id, version }) => id === opened.id && version > opened.version) ?? opened);
  return (
    <Card>
      <h2 className="text-lg font-semibold">{t("accounts")}</h2>
      <p className="mb-4 text-[0.95rem] text-muted">{t("accountsLead")}</p>
      <AccountFilter wanted={wanted} onChange={setWanted} />
      {accounts.isPending && <ListSkeleton rows={3} />}
      {accounts.isError && !accounts.data && <ErrorState error={accounts.error} onRetry={() => void accounts.refetch()} />}
      {accounts.data && all.length === 0 && (
        <EmptyState icon={UserSearch} title={t("nobody")} action={<Button onClick={() => setWanted(EVERYBODY)}>{t("showAll")}</Button>} />
      )}
      {all.length > 0 && (
        <ul aria-label={t("accounts")} className="-mx-2 flex flex-col">
          {all.map((account) => (
            <AccountRow key={account.id} account={account} onOpen={() => setOpened(account)} />
          ))}
        </ul>
      )}
      {accounts.hasNextPage && (
        <Button className="mt-3" size="small" busy={accounts.isFetchingNextPage} onClick={() => void accounts.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
      {shown && <AccountSheet account={shown} onChanged={setOpened} onClose={() => setOpened(null)} />}
    </Card>
  );
}

function AccountRow({ account, onOpen }: { account: Account; onOpen: () => void }) {
  const t = useTranslations("administration");
  const marks = account.roles.filter((role) => role !== "student").map((role) => t(`roles.${role}`));
  return (
    <li>
      <button type="button" onClick={onOpen} className="flex w-full flex-wrap items-baseline gap-x-3 rounded-lg px-2 py-2.5 text-left hover:bg-sunken">
        <span className="min-w-0 flex-1 basis-48 [overflow-wrap:anywhere]">
          {account.email} <span className="block text-sm text-muted">{account.display_name}</span>
        </span>
        <span className="text-sm text-muted">{marks.join(" · ")}</span>
        {account.disabled && <span className="text-sm font-medium text-bad">{t("isDisabled")}</span>}
      </button>
    </li>
  );
}
