import type { components } from "@/lib/api/schema";

export type Notification = components["schemas"]["NotificationOut"];
export type Preferences = components["schemas"]["PreferencesSchema"];

export const NOTIFICATIONS = ["notifications"] as const;
