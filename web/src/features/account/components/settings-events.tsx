"use client";

import { useDeferredValue } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EventList } from "@/components/ui/event-list";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useSecurityEvents } from "@/features/account/api/list-security-events";

/** What happened to the account, so that its owner notices what was not their doing. */
export function SecurityEvents() {
  const t = useTranslations("settings");
  const ui = useTranslations("ui");
  const events = useDeferredValue(useSecurityEvents());
  return (
    <>
      {events.isPending && <ListSkeleton rows={2} />}
      {events.isError && !events.data && <ErrorState error={events.error} onRetry={() => void events.refetch()} />}
      {events.data && <EventList label={t("events")} events={events.data.pages.flatMap((page) => page.items)} />}
      {events.hasNextPage && (
        <Button className="mt-3" size="small" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </>
  );
}
