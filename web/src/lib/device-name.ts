/** Those that name others, too, come first. */
const BROWSERS: [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|Chromium\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: [RegExp, string][] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux/, "Linux"],
];

const LONGEST = 60;

const found = (names: [RegExp, string][], agent: string) => names.find(([pattern]) => pattern.test(agent))?.[1];

/** A browser's name and its system, as far as its User-Agent line tells; other programs by the line itself. */
export function deviceName(agent: string): { browser: string; system: string | null } | null {
  if (!agent.trim()) return null;
  return { browser: found(BROWSERS, agent) ?? agent.slice(0, LONGEST), system: found(SYSTEMS, agent) ?? null };
}
