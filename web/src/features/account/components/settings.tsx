"use client";

import dynamic from "next/dynamic";
import { Suspense } from "react";
import { useTranslations } from "use-intl";
import { Card, Page } from "@/components/ui/page";
import { ListSkeleton } from "@/components/ui/states";
import { Appearance } from "@/features/account/components/settings-appearance";
import { SecurityEvents } from "@/features/account/components/settings-events";
import { Devices } from "@/features/account/components/settings-devices";
import { PasswordForm } from "@/features/account/components/settings-password";
import { ProfileForm } from "@/features/account/components/settings-profile";
import { Section } from "@/features/account/components/settings-section";
import { ApiTokens } from "@/features/account/components/settings-tokens";
import { useSession } from "@/lib/auth/session";

// Further down the page: they come after what stands above.
const YourData = dynamic(() => import("@/features/account/components/settings-data"), { ssr: false, loading: Coming });

function Coming() {
  return (
    <Card>
      <ListSkeleton rows={1} />
    </Card>
  );
}

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
        <Section title={t("password")} lead={t("passwordLead")}>
          <PasswordForm email={user.email} />
        </Section>
        <Section title={t("tokens")} lead={t("tokensLead")}>
          <ApiTokens />
        </Section>
        <Section title={t("events")} lead={t("eventsLead")}>
          <SecurityEvents />
        </Section>
        <Suspense fallback={<Coming />}>
          <YourData user={user} />
        </Suspense>
      </div>
    </Page>
  );
}
