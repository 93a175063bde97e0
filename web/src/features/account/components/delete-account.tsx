"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { DeleteAccountDialog } from "@/features/account/components/delete-account-dialog";
import type { User } from "@/lib/auth/session";

export function DeleteAccount({ user }: { user: User }) {
  const t = useTranslations("data");
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button tone="danger" onClick={() => setOpen(true)}>
        {t("deleteNow")}
      </Button>
      {open && <DeleteAccountDialog user={user} onClose={() => setOpen(false)} />}
    </>
  );
}
