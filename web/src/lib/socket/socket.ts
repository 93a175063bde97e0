import { useSyncExternalStore } from "react";
import { answered, api } from "@/lib/api/client";
import { onLogout, useSession } from "@/lib/auth/session";
import { SocketClient, type Link, type SocketLike } from "@/lib/socket/client";
import { followEvents } from "@/lib/socket/event-stream";
import { askPlainly } from "@/lib/socket/plainly";
import { SharedSocket } from "@/lib/socket/shared";

const PATIENCE_HIDDEN_MS = 5 * 60_000;

function address(): string {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss" : "ws"}://${host}/api/v1/ws`;
}

let shared: { person: string; socket: SharedSocket } | null = null;

/** What all tabs of the person have together; null where the browser has no shared workers, as some phones have none. */
function sharedSocket(): SharedSocket | null {
  const person = useSession.getState().user?.id;
  if (typeof SharedWorker === "undefined" || !person) return null;
  if (shared?.person !== person) shared = { person, socket: new SharedSocket(person) };
  return shared.socket.broken ? null : shared.socket;
}

/** The line of this tab, over a socket that it shares with the others. It costs nothing until it is asked for something. */
export const socket: SocketClient = new SocketClient({
  open: (protocols) => sharedSocket()?.join(address(), protocols) ?? (new WebSocket(address(), protocols) as SocketLike),
  ticket: async () => ((await sharedSocket()?.taken()) ? null : (await answered(api.POST("/api/v1/ws/ticket"))).ticket),
  askPlainly: (chat, asked) => void askPlainly(chat, asked, (id, listener) => socket.follow(id, listener)),
  followPlainly: (id, afterSeq, answers) => void followEvents(id, afterSeq, answers),
});

onLogout(() => socket.end());

if (typeof window !== "undefined") {
  let hidden: ReturnType<typeof setTimeout> | undefined;
  window.addEventListener("online", () => socket.hurry());
  document.addEventListener("visibilitychange", () => {
    clearTimeout(hidden);
    if (document.hidden) hidden = setTimeout(() => socket.rest(), PATIENCE_HIDDEN_MS);
    else socket.wake();
  });
}

export function useLink(): Link {
  return useSyncExternalStore(
    socket.watch,
    () => socket.link,
    () => "idle",
  );
}
