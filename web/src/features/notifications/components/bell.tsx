"use client";

import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useUnread } from "@/features/notifications/api/count-unread";
import { NOTIFICATIONS } from "@/features/notifications/api/notifications";
import { onLogout } from "@/lib/auth/session";
import { openBell, ring, useBell } from "@/lib/bell";
import { socket } from "@/lib/socket/socket";

const NotificationSheet = lazy(() => import("@/features/notifications/components/notification-sheet"));

onLogout(() => {
  ring(0);
  openBell(false);
});

/** Keeps the count that the shell shows, and opens the list that the shell asks for. */
export function Bell() {
  const open = useBell((bell) => bell.open);
  const { data: unread } = useUnread();
  const queries = useQueryClient();

  useEffect(() => {
    if (unread !== undefined) ring(unread);
  }, [unread]);
  useEffect(() => socket.overhear("notification", () => void queries.invalidateQueries({ queryKey: NOTIFICATIONS })), [queries]);

  if (!open) return null;
  return (
    <Suspense>
      <NotificationSheet onClose={() => openBell(false)} />
    </Suspense>
  );
}
