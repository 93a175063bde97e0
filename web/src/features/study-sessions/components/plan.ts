/** What the form holds, as typed: minutes of work and of rest, and what it is about. */
export type Plan = { minutes: string; rest: string; subject: string; task: string };

export const LENGTHS = [
  { name: "short", minutes: 25, rest: 5 },
  { name: "long", minutes: 50, rest: 10 },
] as const;

export const MAX_MINUTES = 600;
export const FIRST_PLAN: Plan = { minutes: "25", rest: "5", subject: "", task: "" };

/** The whole number that a text stands for, if it lies within bounds. */
export function wholeMinutes(text: string, least: number, most: number): number | null {
  const number = /^\s*\d{1,4}\s*$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : null;
}
