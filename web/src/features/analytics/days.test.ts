import { expect, it } from "vitest";
import { later, partsOf, periodUntil, studyDay, weekday } from "@/features/analytics/days";

it("leaves the hours after midnight to the day before", () => {
  expect(studyDay("2026-03-02T02:30:00Z", "Europe/Berlin", 4)).toBe("2026-03-01");
  expect(studyDay("2026-03-02T03:30:00Z", "Europe/Berlin", 4)).toBe("2026-03-02");
});

it("keeps the day on the night in which clocks go back", () => {
  expect(studyDay("2026-10-25T02:30:00Z", "Europe/Berlin", 4)).toBe("2026-10-24");
  expect(studyDay("2026-10-25T03:00:00Z", "Europe/Berlin", 4)).toBe("2026-10-25");
});

it("counts days over the ends of months and leap days", () => {
  expect(later("2028-02-28", 1)).toBe("2028-02-29");
  expect(periodUntil("2026-03-02", "week")).toEqual({ from: "2026-02-24", to: "2026-03-02" });
});

it.each(["week", "month", "year"] as const)("divides a %s into stretches without a gap", (period) => {
  const whole = periodUntil("2026-03-02", period);
  const parts = partsOf("2026-03-02", period);
  expect(parts[0]?.from).toBe(whole.from);
  expect(parts.at(-1)?.to).toBe(whole.to);
  parts.slice(1).forEach((part, index) => expect(part.from).toBe(later(parts[index]!.to, 1)));
});

it("starts weeks on Monday", () => {
  expect(["2026-03-02", "2026-03-08"].map(weekday)).toEqual([0, 6]);
});
