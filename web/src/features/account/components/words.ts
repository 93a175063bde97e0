import { catalogue } from "@/lib/i18n/messages";

export const DATA_WORDS = catalogue("data", () => import("@/messages/en/data.json"), () => import("@/messages/de/data.json"));

export const ENTRY_WORDS = catalogue("entry", () => import("@/messages/en/entry.json"), () => import("@/messages/de/entry.json"));
