"use client";

import { useTranslations } from "use-intl";
import { Page } from "@/components/ui/page";
import { Appearance } from "@/features/account/components/settings-appearance";
import { Devices } from "@/features/account/components/settings-devices";
import { ProfileForm } from "@/features/account/components/settings-profile";
import { Section } from "@/features/account/components/settings-section";
import { useSession } from "@/lib/auth/session";

/** Who the person is, how the application looks and behaves, and where it is open. */
export function Settings() {
  const t = useTranslations("settings");
  const user = useSession((session) => session.user);
  if (!user) return null;
  return (
    <Page title={t("heading")} lead={user.email}>
      <div className="flex flex-col gap-4">
        <Section title={t("profile")}>
          <ProfileForm user={user} />
        </Section>
        <Section title={t("appearance")}>
          <Appearance />
        </Section>
        <Section title={t("devices")} lead={t("devicesLead")}>
          <Devices />
        </Section>
      </div>
    </Page>
  );
}
