"use client";

import { MailQuestion } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/page";
import { useResendLetter } from "@/features/account/api/resend-letter";
import { ENTRY_WORDS } from "@/features/account/components/words";
import { useFaultText } from "@/lib/fault-text";
import { Words } from "@/lib/i18n/words";

/** The address is not confirmed yet: why that matters, and another letter. */
export default function Unconfirmed({ email }: { email: string }) {
  return (
    <Words of={ENTRY_WORDS}>
      <Reminder email={email} />
    </Words>
  );
}

function Reminder({ email }: { email: string }) {
  const t = useTranslations("entry");
  const say = useFaultText();
  const resend = useResendLetter();
  return (
    <Card className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <MailQuestion className="mt-0.5 size-5 shrink-0 text-accent" aria-hidden />
      <div className="min-w-0 flex-1 basis-64">
        <h2 className="font-semibold">{t("unconfirmed")}</h2>
        <p className="text-[0.95rem] text-muted">{t("unconfirmedText")}</p>
        <p role="status" className="mt-2 text-[0.95rem] [overflow-wrap:anywhere] empty:hidden">
          {resend.isSuccess && t("sent", { email })}
        </p>
        <p role="alert" className="mt-2 text-sm text-bad empty:hidden">
          {resend.error && say(resend.error)}
        </p>
      </div>
      <Button busy={resend.isPending} onClick={() => resend.mutate()}>
        {t("resend")}
      </Button>
    </Card>
  );
}
