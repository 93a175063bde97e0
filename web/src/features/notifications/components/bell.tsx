"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { late } from "@/components/ui/late";
import { useUnread } from "@/features/notifications/api/count-unread";
import { NOTIFICATIONS } from "@/features/notifications/api/notifications";
import { onLogout } from "@/lib/auth/session";
import { openBell, ring, useBell } from "@/lib/bell";
import { socket } from "@/lib/socket/socket";

const NotificationSheet = late(() => import("@/features/notifications/components/notification-sheet").then((module) => module.default));

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

  return open && <NotificationSheet onClose={() => openBell(false)} />;
}
