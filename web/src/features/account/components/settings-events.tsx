"use client";

import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useSecurityEvents } from "@/features/account/api/list-security-events";
import { deviceName } from "@/features/account/components/device-name";

/** What happened to the account, so that its owner notices what was not their doing. */
export function SecurityEvents() {
  const t = useTranslations("settings");
  const ui = useTranslations("ui");
  const format = useFormatter();
  const events = useSecurityEvents();
  const all = (events.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <>
      {events.isPending && <ListSkeleton rows={2} />}
      {events.isError && !events.data && <ErrorState error={events.error} onRetry={() => void events.refetch()} />}
      {events.data && (
        <ul aria-label={t("events")} className="flex flex-col divide-y divide-line">
          {all.map((event) => (
            <li key={event.id} className="py-2.5 first:pt-0">
              <p>{t(`eventKinds.${event.kind}`)}</p>
              <p className="text-sm text-muted [overflow-wrap:anywhere]">
                {[
                  format.dateTime(new Date(event.at), { dateStyle: "medium", timeStyle: "short" }),
                  event.by_admin ? t("byAdmin") : deviceName(event.device)?.browser,
                  event.network,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </p>
            </li>
          ))}
        </ul>
      )}
      {events.hasNextPage && (
        <Button className="mt-3" size="small" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </>
  );
}
