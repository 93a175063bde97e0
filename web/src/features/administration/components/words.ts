import { catalogue } from "@/lib/i18n/messages";

export const ADMINISTRATION_WORDS = catalogue(
  "administration",
  () => import("@/messages/en/administration.json"),
  () => import("@/messages/de/administration.json"),
);
