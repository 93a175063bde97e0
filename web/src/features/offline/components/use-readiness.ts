"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { keepReady } from "@/features/offline/api/keep-ready";
import { useSession } from "@/lib/auth/session";
import { onBack, useReachability, watchReachability } from "@/lib/offline/reachability";
import { startWorker } from "@/lib/offline/worker";
import { look, sendWaiting, useOutbox } from "@/lib/reviews/outbox";

const KEEP_EVERY_MS = 300_000;
const SEND_EVERY_MS = 30_000;
/** After the page itself has what it needs. */
const AFTER_MS = 1_500;

/** Keeps the shell and the things of the day on this device, and sends what was done without the server. */
export function useReadiness(onSent: (count: number) => void): void {
  const queries = useQueryClient();
  const person = useSession((session) => session.user?.id);
  const reachable = useReachability((state) => state.reachable);
  const waits = useOutbox((state) => state.waiting.length > 0);

  useEffect(() => watchReachability(), []);

  useEffect(() => void startWorker(AFTER_MS), []);

  useEffect(() => {
    if (!person || !reachable) return;
    const ready = () => void keepReady(person).catch(() => undefined);
    const first = setTimeout(ready, AFTER_MS);
    const timer = setInterval(ready, KEEP_EVERY_MS);
    const leave = () => document.visibilityState === "hidden" && ready();
    document.addEventListener("visibilitychange", leave);
    return () => {
      clearTimeout(first);
      clearInterval(timer);
      document.removeEventListener("visibilitychange", leave);
    };
  }, [person, reachable]);

  useEffect(() => void look(), [person]);

  useEffect(() => {
    if (!person || !waits || !reachable) return;
    const send = () =>
      void sendWaiting().then((count) => {
        if (count > 0) onSent(count);
      });
    send();
    const timer = setInterval(send, SEND_EVERY_MS);
    return () => clearInterval(timer);
  }, [person, waits, reachable, onSent]);

  useEffect(() => onBack(() => void queries.invalidateQueries()), [queries]);
}
