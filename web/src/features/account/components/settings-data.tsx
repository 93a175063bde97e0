"use client";

import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { DeleteAccount } from "@/features/account/components/delete-account";
import { ExportData } from "@/features/account/components/export-data";
import { ImportData } from "@/features/account/components/import-data";
import { Section } from "@/features/account/components/settings-section";
import { DATA_WORDS } from "@/features/account/components/words";
import type { User } from "@/lib/auth/session";
import { Words } from "@/lib/i18n/words";

/** What is the person's own: to be taken along, brought, and deleted. */
export default function YourData({ user }: { user: User }) {
  return (
    <Words of={DATA_WORDS}>
      <Blocks user={user} />
    </Words>
  );
}

function Blocks({ user }: { user: User }) {
  const t = useTranslations("data");
  return (
    <Section title={t("title")} lead={t("lead")}>
      <div className="flex flex-col gap-6">
        <Block title={t("export")} text={t("exportText")}>
          <ExportData />
        </Block>
        <Block title={t("import")} text={t("importText")}>
          <ImportData />
        </Block>
        <Block title={t("delete")} text={t("deleteText")}>
          <DeleteAccount user={user} />
        </Block>
      </div>
    </Section>
  );
}

function Block({ title, text, children }: { title: string; text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-2">
      <h3 className="font-medium">{title}</h3>
      <p className="text-[0.95rem] text-muted">{text}</p>
      {children}
    </div>
  );
}
