import { create } from "zustand";

const PROBE = "/health/live";
const PROBE_EVERY_MS = 5_000;

/** Whether the server could be reached when it was last tried. */
export const useReachability = create<{ reachable: boolean }>(() => ({ reachable: true }));

const backs = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;
let probing = false;

/** Run each time the server is there again after it was not. */
export function onBack(listener: () => void): () => void {
  backs.add(listener);
  return () => backs.delete(listener);
}

function set(reachable: boolean): void {
  const was = useReachability.getState().reachable;
  if (reachable === was) return;
  useReachability.setState({ reachable });
  if (reachable) backs.forEach((listener) => listener());
}

/** Find out; while it can't be reached, ask again every few seconds. One lost request alone is no lost server. */
export async function probe(): Promise<void> {
  clearTimeout(timer);
  if (probing) return;
  // Without any network there is nothing to ask; the device tells when there is one.
  if (!navigator.onLine) return set(false);
  probing = true;
  const answer = await fetch(PROBE, { cache: "no-store" }).catch(() => null);
  probing = false;
  set(answer !== null);
  if (answer === null) timer = setTimeout(() => void probe(), PROBE_EVERY_MS);
}

/** From now on, follow what the device says about its network. */
export function watchReachability(): () => void {
  const lost = () => set(false);
  const back = () => void probe();
  window.addEventListener("offline", lost);
  window.addEventListener("online", back);
  if (!navigator.onLine) lost();
  return () => {
    clearTimeout(timer);
    window.removeEventListener("offline", lost);
    window.removeEventListener("online", back);
  };
}
