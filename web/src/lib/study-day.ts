import { fromLocal, toLocal } from "@/lib/local-time";

export type StudyDay = {
  /** Its date: `2026-03-02`. */
  date: string;
  /** The instants at which it begins and ends. */
  begins: string;
  ends: string;
  /** 0 is Monday. */
  weekday: number;
};

/** A date so many days later. */
export const shifted = (date: string, days: number): string => {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
};

/** The study day of an instant: until the hour at which days start, it is still the day before. */
export function studyDay(now: Date, zone: string, startsAt: number): StudyDay {
  const local = toLocal(now.toISOString(), zone);
  const date = Number(local.slice(11, 13)) < startsAt ? shifted(local.slice(0, 10), -1) : local.slice(0, 10);
  const hour = `T${String(startsAt).padStart(2, "0")}:00`;
  return {
    date,
    begins: fromLocal(date + hour, zone),
    ends: fromLocal(shifted(date, 1) + hour, zone),
    weekday: (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7,
  };
}

/** What to greet with at an hour of the person's clock. */
export function greetingAt(now: Date, zone: string): "night" | "morning" | "afternoon" | "evening" {
  const hour = Number(toLocal(now.toISOString(), zone).slice(11, 13));
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}
