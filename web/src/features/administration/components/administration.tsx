"use client";

import { useTranslations } from "use-intl";
import { Page } from "@/components/ui/page";
import { Accounts } from "@/features/administration/components/accounts";
import { Queue } from "@/features/administration/components/queue";
import { ADMINISTRATION_WORDS } from "@/features/administration/components/words";
import { Words } from "@/lib/i18n/words";

/** Who has an account, what they may do, and how the work behind the pages fares. */
export default function Administration() {
  const t = useTranslations("shell");
  return (
    <Page title={t("administration")}>
      <Words of={ADMINISTRATION_WORDS}>
        <div className="flex flex-col gap-4">
          <Accounts />
          <Queue />
        </div>
      </Words>
    </Page>
  );
}
