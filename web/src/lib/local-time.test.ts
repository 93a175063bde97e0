import { expect, test } from "vitest";
import { changedInstant, fromLocal, toLocal } from "@/lib/local-time";

test.each([
  ["2026-01-15T09:30", "Europe/Berlin", "2026-01-15T08:30:00.000Z"],
  ["2026-07-15T09:30", "Europe/Berlin", "2026-07-15T07:30:00.000Z"],
  ["2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00.000Z"],
  ["2026-07-15T23:59", "America/New_York", "2026-07-16T03:59:00.000Z"],
  ["2026-07-15T00:00", "Asia/Kathmandu", "2026-07-14T18:15:00.000Z"],
])("%s in %s is %s, and back", (local, zone, instant) => {
  expect(fromLocal(local, zone)).toBe(instant);
  expect(toLocal(instant, zone)).toBe(local);
});

test("an instant in an hour that comes twice stays when its local time was not changed", () => {
  const second = "2027-10-31T01:30:00Z";
  expect(changedInstant("2027-10-31T02:30", "Europe/Berlin", second)).toBe(second);
  expect(changedInstant("2027-10-31T02:31", "Europe/Berlin", second)).toBe("2027-10-31T00:31:00.000Z");
  expect(changedInstant("", "Europe/Berlin", second)).toBeNull();
});
