import { create } from "zustand";

const LOOK_EVERY_MS = 3_600_000;

/** How to get the new version, once there is one. Nothing is reloaded by itself: a review may be under way. */
export const useNewVersion = create<{ reload: (() => void) | null }>(() => ({ reload: null }));

/** Keep the shell for times without a network, once the page itself is there, and look for new versions now and then. */
export async function startWorker(afterMs: number): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const { serviceWorker } = navigator;
  const isUpdate = serviceWorker.controller !== null;
  const own: { registration?: ServiceWorkerRegistration; agreed?: true } = {};

  const offer = () => {
    const reload = () => {
      own.agreed = true;
      if (own.registration?.waiting) own.registration.waiting.postMessage("take-over");
      else location.reload();
    };
    useNewVersion.setState({ reload });
  };
  serviceWorker.addEventListener("controllerchange", () => {
    if (own.agreed) location.reload();
    // Somebody agreed in another tab; this one goes on with the files of its own version, which are still kept.
    else if (isUpdate) offer();
  });

  await new Promise((resolve) => setTimeout(resolve, afterMs));
  if (!navigator.onLine && !serviceWorker.controller) return;
  own.registration = await serviceWorker.register("/sw.js", { updateViaCache: "none" }).catch(() => undefined);
  if (own.registration) follow(own.registration, offer);
}

function follow(registration: ServiceWorkerRegistration, offer: () => void): void {
  const { serviceWorker } = navigator;
  if (registration.waiting && serviceWorker.controller) offer();
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      if (fresh.state === "installed" && serviceWorker.controller) offer();
    });
  });

  let lookedAt = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible" || Date.now() - lookedAt < LOOK_EVERY_MS) return;
    lookedAt = Date.now();
    registration.update().catch(() => undefined);
  });
}
