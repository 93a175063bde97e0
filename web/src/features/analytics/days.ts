import type { Days } from "@/features/analytics/api/analytics";
import { toLocal } from "@/lib/local-time";

export const PERIODS = ["week", "month", "year"] as const;
export type Period = (typeof PERIODS)[number];

const LENGTH: Record<Period, number> = { week: 7, month: 30, year: 365 };
const PART: Record<Period, number> = { week: 1, month: 5, year: 73 };
const DAY_MS = 86_400_000;

/** The day some days after another, both as `2026-03-02`. */
export function later(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The study day of an instant: before the hour at which days start, it is still the day before. */
export function studyDay(instant: string, zone: string, startsAt: number): string {
  const local = toLocal(instant, zone);
  const day = local.slice(0, 10);
  return Number(local.slice(11, 13)) < startsAt ? later(day, -1) : day;
}

/** The days of a period that ends today. */
export function periodUntil(today: string, period: Period): Days {
  return { from: later(today, 1 - LENGTH[period]), to: today };
}

/** A period in stretches of equal length, in their order. */
export function partsOf(today: string, period: Period): Days[] {
  const { from } = periodUntil(today, period);
  const length = PART[period];
  return Array.from({ length: LENGTH[period] / length }, (_, index) => {
    const first = later(from, index * length);
    return { from: first, to: later(first, length - 1) };
  });
}

/** The row of a day in a week that starts on Monday, 0 to 6. */
export function weekday(day: string): number {
  return (new Date(Date.parse(day)).getUTCDay() + 6) % 7;
}

/** A study day as an instant that is on it in UTC. */
export function noon(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}
