import { describe, expect, it } from "vitest";
import { greetingAt, studyDay } from "@/lib/study-day";

const BERLIN = "Europe/Berlin";

describe("studyDay", () => {
  it("still belongs to the evening before while it is night", () => {
    expect(studyDay(new Date("2026-03-02T02:30:00Z"), BERLIN, 4).date).toBe("2026-03-01");
    expect(studyDay(new Date("2026-03-02T03:30:00Z"), BERLIN, 4).date).toBe("2026-03-02");
  });

  it("is an hour shorter when the clocks go forward", () => {
    const day = studyDay(new Date("2026-03-28T12:00:00Z"), BERLIN, 4);
    expect(day.begins).toBe("2026-03-28T03:00:00.000Z");
    expect(day.ends).toBe("2026-03-29T02:00:00.000Z");
  });

  it("counts weekdays from Monday", () => {
    expect(studyDay(new Date("2026-03-01T12:00:00Z"), BERLIN, 4).weekday).toBe(6);
    expect(studyDay(new Date("2026-03-02T12:00:00Z"), BERLIN, 4).weekday).toBe(0);
  });
});

describe("greetingAt", () => {
  it("goes by the clock of the person, not of the machine", () => {
    expect(greetingAt(new Date("2026-03-02T22:30:00Z"), "Asia/Tokyo")).toBe("morning");
    expect(greetingAt(new Date("2026-03-02T22:30:00Z"), BERLIN)).toBe("evening");
  });
});
