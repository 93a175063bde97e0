"use client";

import { useFormatter, useTranslations } from "use-intl";
import type { components } from "@/lib/api/schema";
import { deviceName } from "@/lib/device-name";

type SecurityEvent = components["schemas"]["SecurityEventOut"];

/** What happened to an account, and when and from where. */
export function EventList({ events, label }: { events: SecurityEvent[]; label: string }) {
  const t = useTranslations("settings");
  const format = useFormatter();
  const circumstances = (event: SecurityEvent) => [
    format.dateTime(new Date(event.at), { dateStyle: "medium", timeStyle: "short" }),
    event.by_admin ? t("byAdmin") : deviceName(event.device)?.browser,
    event.network,
  ];
  return (
    <ul aria-label={label} className="flex flex-col divide-y divide-line">
      {events.map((event) => (
        <li key={event.id} className="py-2.5 first:pt-0">
          <p>{t(`eventKinds.${event.kind}`)}</p>
          <p className="text-sm text-muted [overflow-wrap:anywhere]">{circumstances(event).filter(Boolean).join(" · ")}</p>
        </li>
      ))}
    </ul>
  );
}
