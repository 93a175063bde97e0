import { changedInstant, toLocal } from "@/lib/local-time";
import { shifted, studyDay } from "@/lib/study-day";

/** How the person's days lie: in which zone, and at which hour they begin. */
export type Days = { zone: string; startsAt: number };

/** The study day of an instant. */
export const dateOf = (instant: string, { zone, startsAt }: Days) => studyDay(new Date(instant), zone, startsAt).date;

/** The dates of the week in which a date lies, from Monday. */
export function weekOf(date: string): string[] {
  const monday = shifted(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
  return Array.from({ length: 7 }, (_, day) => shifted(monday, day));
}

/** The date that an address names, or else another one. */
export function dateIn(text: string | null, otherwise: string): string {
  const named = text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text);
  return named && !Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? shifted(text, 0) : otherwise;
}

/** The instants between which the days from one date to another (which is in) lie. */
export function spanOf(first: string, last: string, { zone, startsAt }: Days): { begins: string; ends: string } {
  const noon = (date: string) => new Date(changedInstant(`${date}T12:00`, zone, null)!);
  return { begins: studyDay(noon(first), zone, startsAt).begins, ends: studyDay(noon(last), zone, startsAt).ends };
}

/** The same time of day on another study day; one at night stays in the night that follows it. */
export function movedTo(instant: string, date: string, days: Days): string {
  const local = toLocal(instant, days.zone);
  const night = local.slice(0, 10) > dateOf(instant, days);
  return changedInstant(shifted(date, night ? 1 : 0) + local.slice(10), days.zone, instant)!;
}

const STEPS: Record<string, number> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** By how many days a key moves a task: with Alt, arrows to the side a day, up and down a week. */
export function stepOf(press: { key: string; altKey: boolean; ctrlKey: boolean; metaKey: boolean; shiftKey: boolean }): number {
  return press.altKey && !press.ctrlKey && !press.metaKey && !press.shiftKey ? (STEPS[press.key] ?? 0) : 0;
}
