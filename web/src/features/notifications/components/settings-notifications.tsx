"use client";

import { useTranslations } from "use-intl";
import { Card } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { usePreferences } from "@/features/notifications/api/preferences";
import { PreferencesForm } from "@/features/notifications/components/preferences-form";
import { NOTIFICATION_WORDS } from "@/features/notifications/components/words";
import { Words } from "@/lib/i18n/words";

/** What the person is told, where and when. */
export default function NotificationSettings() {
  return (
    <Words of={NOTIFICATION_WORDS}>
      <Wishes />
    </Words>
  );
}

function Wishes() {
  const t = useTranslations("notifications");
  const wishes = usePreferences();
  return (
    <Card>
      <h2 className="text-lg font-semibold">{t("title")}</h2>
      <p className="mb-4 text-[0.95rem] text-muted">{t("lead")}</p>
      {wishes.isPending && <ListSkeleton rows={3} />}
      {wishes.isError && !wishes.data && <ErrorState error={wishes.error} onRetry={() => void wishes.refetch()} />}
      {wishes.data && <PreferencesForm saved={wishes.data} />}
    </Card>
  );
}
