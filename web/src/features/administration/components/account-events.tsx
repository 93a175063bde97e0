"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EventList } from "@/components/ui/event-list";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useEventsOf } from "@/features/administration/api/list-events";

/** What happened to somebody's account. */
export function AccountEvents({ id }: { id: string }) {
  const t = useTranslations("administration");
  const ui = useTranslations("ui");
  const events = useEventsOf(id);
  const all = events.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      {events.isPending && <ListSkeleton rows={2} />}
      {events.isError && !events.data && <ErrorState error={events.error} onRetry={() => void events.refetch()} />}
      {events.data && all.length === 0 && <p className="text-muted">{t("noEvents")}</p>}
      {all.length > 0 && <EventList label={t("events")} events={all} />}
      {events.hasNextPage && (
        <Button className="mt-3" size="small" busy={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </>
  );
}
