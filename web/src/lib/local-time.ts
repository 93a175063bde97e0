const PARTS: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

/** By how much clocks are set back where summer ends. */
const SET_BACK_BY = [3_600_000, 1_800_000];

/** Making one takes thirty times as long as using it. */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(zone: string): Intl.DateTimeFormat {
  const clock = clocks.get(zone) ?? new Intl.DateTimeFormat("en-CA", { ...PARTS, timeZone: zone });
  clocks.set(zone, clock);
  return clock;
}

/** An instant as the value of a `datetime-local` input in a time zone: `2026-03-02T18:00`. */
export function toLocal(instant: string, zone: string): string {
  const parts = clockOf(zone).formatToParts(new Date(instant));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The instant of a local time, none for none. One that shows as this already stays: an hour can be there twice. */
export function changedInstant(local: string, zone: string, before: string | null): string | null {
  if (!local) return null;
  return before && toLocal(before, zone) === local ? before : fromLocal(local, zone);
}

/** The instant at which clocks in a zone show a local time; of an hour that is there twice, the first. */
export function fromLocal(local: string, zone: string): string {
  const asUtc = Date.parse(`${local}:00Z`);
  let guess = asUtc;
  // Twice: the first step may land on the other side of a change of the clocks.
  for (let step = 0; step < 2; step += 1) guess -= Date.parse(`${toLocal(new Date(guess).toISOString(), zone)}:00Z`) - asUtc;
  const earlier = SET_BACK_BY.map((step) => guess - step).find((at) => toLocal(new Date(at).toISOString(), zone) === local);
  return new Date(earlier ?? guess).toISOString();
}
