import { describe, expect, it } from "vitest";
import { dateIn, dateOf, movedTo, spanOf, stepOf, weekOf } from "@/features/tasks/week";

const BERLIN = { zone: "Europe/Berlin", startsAt: 4 };

describe("movedTo", () => {
  it("keeps the time of day where summer begins and ends", () => {
    expect(movedTo("2027-03-24T17:30:00Z", "2027-03-28", BERLIN)).toBe("2027-03-28T16:30:00.000Z");
    expect(movedTo("2027-03-28T16:30:00Z", "2027-03-24", BERLIN)).toBe("2027-03-24T17:30:00.000Z");
    expect(movedTo("2027-10-30T16:30:00Z", "2027-10-31", BERLIN)).toBe("2027-10-31T17:30:00.000Z");
  });

  it("goes past an hour that is left out, and takes the first of one that comes twice", () => {
    const calendar = { zone: "Europe/Berlin", startsAt: 0 };
    expect(dateOf(movedTo("2027-03-27T01:30:00Z", "2027-03-28", calendar), calendar)).toBe("2027-03-28");
    expect(movedTo("2027-10-30T00:30:00Z", "2027-10-31", calendar)).toBe("2027-10-31T00:30:00.000Z");
  });

  it("keeps what is due at night in the night after the day", () => {
    const late = "2027-01-13T01:30:00Z";
    expect(dateOf(late, BERLIN)).toBe("2027-01-12");
    const moved = movedTo(late, "2027-01-15", BERLIN);
    expect(moved).toBe("2027-01-16T01:30:00.000Z");
    expect(dateOf(moved, BERLIN)).toBe("2027-01-15");
  });

  it("leaves alone what stays on its day, to the second", () => {
    expect(movedTo("2027-01-13T11:30:29Z", "2027-01-13", BERLIN)).toBe("2027-01-13T11:30:29Z");
  });
});

describe("a week", () => {
  it("begins on Monday, also over the new year", () => {
    const week = ["2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31", "2027-01-01", "2027-01-02", "2027-01-03"];
    expect(weekOf("2027-01-03")).toEqual(week);
    expect(weekOf("2026-12-28")).toEqual(week);
  });

  it("lies between the hours at which days begin", () => {
    expect(spanOf("2027-03-22", "2027-03-28", BERLIN)).toEqual({ begins: "2027-03-22T03:00:00.000Z", ends: "2027-03-29T02:00:00.000Z" });
  });

  it("is that of the address, unless that names none", () => {
    expect(dateIn("2027-03-24", "2027-01-01")).toBe("2027-03-24");
    for (const text of [null, "", "soon", "2027-13-01", "2027-3-1"]) expect(dateIn(text, "2027-01-01")).toBe("2027-01-01");
  });
});

it("moves by arrows with Alt alone", () => {
  const press = { key: "ArrowUp", altKey: true, ctrlKey: false, metaKey: false, shiftKey: false };
  expect(stepOf(press)).toBe(-7);
  expect(stepOf({ ...press, key: "ArrowRight" })).toBe(1);
  expect(stepOf({ ...press, altKey: false })).toBe(0);
  expect(stepOf({ ...press, shiftKey: true })).toBe(0);
  expect(stepOf({ ...press, key: "x" })).toBe(0);
});
