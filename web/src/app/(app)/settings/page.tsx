import type { Metadata } from "next";
import { Suspense } from "react";
import { Settings } from "@/features/account/components/settings";
import { NotificationSettings } from "@/features/notifications/components/settings-lazy";

export const metadata: Metadata = { title: "Settings" };

export default function SettingsPage() {
  return (
    <Suspense>
      <Settings notices={<NotificationSettings />} />
    </Suspense>
  );
}
