import { catalogue } from "@/lib/i18n/messages";

export const NOTIFICATION_WORDS = catalogue(
  "notifications",
  () => import("@/messages/en/notifications.json"),
  () => import("@/messages/de/notifications.json"),
);

export const CALENDAR_WORDS = catalogue("calendar", () => import("@/messages/en/calendar.json"), () => import("@/messages/de/calendar.json"));
