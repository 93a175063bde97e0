"use client";

import dynamic from "next/dynamic";
import { Suspense, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Afterwards } from "@/components/ui/afterwards";
import { CardComing, Page } from "@/components/ui/page";
import { useProviders } from "@/features/account/api/list-providers";
import { Appearance } from "@/features/account/components/settings-appearance";
import { SecurityEvents } from "@/features/account/components/settings-events";
import { Devices } from "@/features/account/components/settings-devices";
import { PasswordForm } from "@/features/account/components/settings-password";
import { ProfileForm } from "@/features/account/components/settings-profile";
import { Section } from "@/features/account/components/settings-section";
import { ApiTokens } from "@/features/account/components/settings-tokens";
import { useSession, type User } from "@/lib/auth/session";

// They come after what stands above.
const Unconfirmed = dynamic(() => import("@/features/account/components/unconfirmed"), { ssr: false, loading: CardComing });
const GoogleLink = dynamic(() => import("@/features/account/components/settings-google"), { ssr: false, loading: CardComing });
const YourData = dynamic(() => import("@/features/account/components/settings-data"), { ssr: false, loading: CardComing });

/** Who the person is, how the application looks and behaves, `notices`, and where it is open. */
export function Settings({ notices }: { notices?: ReactNode }) {
  const t = useTranslations("settings");
  const user = useSession((session) => session.user);
  if (!user) return null;
  return (
    <Page title={t("heading")} lead={user.email}>
      <div className="flex flex-col gap-4">
        {!user.email_verified_at && (
          <Suspense fallback={<CardComing />}>
            <Unconfirmed email={user.email} />
          </Suspense>
        )}
        <Section title={t("profile")}>
          <ProfileForm user={user} />
        </Section>
        <Section title={t("appearance")}>
          <Appearance />
        </Section>
        <Afterwards instead={<CardComing />}>
          {notices}
          <Further user={user} />
        </Afterwards>
      </div>
    </Page>
  );
}

function Further({ user }: { user: User }) {
  const t = useTranslations("settings");
  const providers = useProviders();
  return (
    <>
      <Section title={t("devices")} lead={t("devicesLead")}>
        <Devices />
      </Section>
      <Section title={t("password")} lead={t("passwordLead")}>
        <PasswordForm email={user.email} />
      </Section>
      {providers.data?.google && (
        <Suspense fallback={<CardComing />}>
          <GoogleLink />
        </Suspense>
      )}
      <Section title={t("tokens")} lead={t("tokensLead")}>
        <ApiTokens />
      </Section>
      <Section title={t("events")} lead={t("eventsLead")}>
        <SecurityEvents />
      </Section>
      <Suspense fallback={<CardComing />}>
        <YourData user={user} />
      </Suspense>
    </>
  );
}
