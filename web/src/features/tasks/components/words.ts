import { catalogue } from "@/lib/i18n/messages";

export const WEEK_WORDS = catalogue("week", () => import("@/messages/en/week.json"), () => import("@/messages/de/week.json"));
