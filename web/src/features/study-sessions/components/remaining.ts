import type { Session } from "@/features/study-sessions/api/sessions";

/**
 * Seconds of the planned time that are left; negative after its end. `seenAt` and `now` are milliseconds of this
 * device, whose clock may be wrong: how far the session had come was counted by the server.
 */
export function secondsLeft(session: Session, seenAt: number, now: number): number {
  const since = session.status === "running" ? Math.max(0, now - seenAt) / 1_000 : 0;
  return Math.ceil(session.planned_minutes * 60 - session.worked_seconds - since);
}

/** Minutes and seconds as a clock shows them: `24:05`, and `+0:07` once the time is over. */
export function clock(seconds: number): string {
  const whole = Math.abs(seconds);
  const shown = `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
  return seconds < 0 ? `+${shown}` : shown;
}
