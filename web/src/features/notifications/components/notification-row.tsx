"use client";

import { Bell, BookOpenText, CalendarClock, ChartNoAxesColumn, CircleAlert, Layers, type LucideIcon } from "lucide-react";
import Link from "next/link";
import { useFormatter, useNow, useTranslations } from "use-intl";
import { useMarkRead } from "@/features/notifications/api/mark-read";
import type { Notification } from "@/features/notifications/api/notifications";
import { placeOf, useNotificationText } from "@/features/notifications/components/notification-text";
import { cn } from "@/lib/cn";

const ICONS: Partial<Record<Notification["kind"], LucideIcon>> = {
  task_due: CalendarClock,
  reviews_due: Layers,
  weekly_digest: ChartNoAxesColumn,
  document_ready: BookOpenText,
  document_failed: CircleAlert,
  leech: Layers,
};

/** One notification: to follow it is to have read it. */
export function NotificationRow({ notification, onFollow }: { notification: Notification; onFollow: () => void }) {
  const t = useTranslations("notifications");
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const read = useMarkRead();
  const { title, detail } = useNotificationText()(notification);
  const fresh = notification.read_at === null;
  const Icon = ICONS[notification.kind] ?? Bell;
  const follow = () => {
    if (fresh) read.mutate([notification.id]);
    onFollow();
  };
  return (
    <li>
      <Link href={placeOf(notification)} prefetch={false} onClick={follow} className="flex gap-3 rounded-lg px-2 py-3 hover:bg-sunken">
        <Icon className={cn("mt-0.5 size-5 shrink-0", fresh ? "text-accent" : "text-muted")} aria-hidden />
        <span className="min-w-0 flex-1">
          <span className={cn("block [overflow-wrap:anywhere]", fresh && "font-medium")}>
            {fresh && <span className="sr-only">{t("unread")} </span>}
            {title}
          </span>
          {detail && <span className="block text-sm text-muted [overflow-wrap:anywhere]">{detail}</span>}
          <time dateTime={notification.created_at} className="block text-sm text-muted">
            {format.relativeTime(new Date(notification.created_at), now)}
          </time>
        </span>
        {fresh && <span aria-hidden className="mt-2 size-2 shrink-0 rounded-full bg-accent" />}
      </Link>
    </li>
  );
}
