import { describe, expect, it } from "vitest";
import type { Session } from "@/features/study-sessions/api/sessions";
import { clock, secondsLeft } from "@/features/study-sessions/components/remaining";

const session = (changes: Partial<Session>) =>
  ({ planned_minutes: 25, worked_seconds: 60, status: "running", ...changes }) as Session;

describe("the time that is left", () => {
  it("runs down from what the server counted", () => {
    expect(secondsLeft(session({}), 1_000_000, 1_000_000)).toBe(24 * 60);
    expect(secondsLeft(session({}), 1_000_000, 1_030_000)).toBe(23 * 60 + 30);
  });

  it("stands still in a pause", () => {
    expect(secondsLeft(session({ status: "paused" }), 0, 600_000)).toBe(24 * 60);
  });

  it("goes on below zero after the end", () => {
    expect(secondsLeft(session({ worked_seconds: 1_490 }), 0, 17_000)).toBe(-7);
  });

  it("never gains time from a clock that was set back", () => {
    expect(secondsLeft(session({}), 1_000_000, 400_000)).toBe(24 * 60);
  });
});

it("is written as a clock shows it", () => {
  expect([1_445, 5, 0, -7, 5_400].map(clock)).toEqual(["24:05", "0:05", "0:00", "+0:07", "90:00"]);
});
