"use client";

import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Page } from "@/components/ui/page";
import { ADMINISTRATION_WORDS } from "@/features/administration/components/words";
import { Words } from "@/lib/i18n/words";

/** What whoever does not administer finds at the address of the administration. */
export default function NothingHere() {
  return (
    <Words of={ADMINISTRATION_WORDS}>
      <Nothing />
    </Words>
  );
}

function Nothing() {
  const t = useTranslations("administration");
  return (
    <Page title={t("nothing")} lead={t("nothingText")}>
      <Button asChild>
        <Link href="/today" prefetch={false}>
          {t("toToday")}
        </Link>
      </Button>
    </Page>
  );
}
