const KEY = "recent-places";
const MOST = 8;

/** The places that were visited last on this device, the latest first. */
export function recentPlaces(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((place) => typeof place === "string") : [];
  } catch {
    return [];
  }
}

export function rememberPlace(path: string): void {
  try {
    const others = recentPlaces().filter((place) => place !== path);
    localStorage.setItem(KEY, JSON.stringify([path, ...others].slice(0, MOST)));
  } catch {
    // Without storage all places keep the order of the navigation.
  }
}

/** Places by when they were visited, the latest first and the present one last; those never visited stay in order. */
export function byVisit<Place extends { href: string }>(places: readonly Place[], visited: string[], here: string): Place[] {
  const rank = ({ href }: Place) => {
    if (href === here) return Number.MAX_SAFE_INTEGER;
    const at = visited.indexOf(href);
    return at < 0 ? visited.length : at;
  };
  return [...places].sort((one, other) => rank(one) - rank(other));
}
