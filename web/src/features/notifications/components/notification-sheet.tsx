"use client";

import { BellOff, CheckCheck } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useNotifications } from "@/features/notifications/api/list";
import { useMarkRead } from "@/features/notifications/api/mark-read";
import { NotificationRow } from "@/features/notifications/components/notification-row";
import { NOTIFICATION_WORDS } from "@/features/notifications/components/words";
import { useFaultText } from "@/lib/fault-text";
import { Words } from "@/lib/i18n/words";

/** What the person was told, newest first; each leads to what it is about. */
export default function NotificationSheet({ onClose }: { onClose: () => void }) {
  return (
    <Words of={NOTIFICATION_WORDS}>
      <Sheet onClose={onClose} />
    </Words>
  );
}

function Sheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations("notifications");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const list = useNotifications();
  const read = useMarkRead();
  const all = (list.data?.pages ?? []).flatMap((page) => page.items);
  const unread = list.data?.pages[0]?.unread ?? 0;
  const readAll = () => read.mutate(null, { onError: (error) => tell(say(error), { tone: "bad" }) });
  return (
    <Dialog open shape="sheet" onOpenChange={(open) => !open && onClose()} title={t("title")}>
      {list.isPending && <ListSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && all.length === 0 && (
        <EmptyState icon={BellOff} title={t("emptyTitle")}>
          {t("emptyText")}
        </EmptyState>
      )}
      {unread > 0 && (
        <Button size="small" tone="quiet" className="-ml-3 mb-2" busy={read.isPending} onClick={readAll}>
          <CheckCheck aria-hidden /> {t("readAll")}
        </Button>
      )}
      {all.length > 0 && (
        <ul aria-label={t("title")} className="-mx-2 flex flex-col">
          {all.map((one) => (
            <NotificationRow key={one.id} notification={one} onFollow={onClose} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button className="mt-3" size="small" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </Dialog>
  );
}
