"use client";

import dynamic from "next/dynamic";
import { Suspense } from "react";
import { CardComing } from "@/components/ui/page";

const Notices = dynamic(() => import("@/features/notifications/components/settings-notifications"), { ssr: false, loading: CardComing });
const Calendar = dynamic(() => import("@/features/notifications/components/settings-calendar"), { ssr: false, loading: CardComing });

/** What the settings page shows of notifications and the calendar, fetched after it. */
export function NotificationSettings() {
  return (
    <>
      <Suspense fallback={<CardComing />}>
        <Notices />
      </Suspense>
      <Suspense fallback={<CardComing />}>
        <Calendar />
      </Suspense>
    </>
  );
}
