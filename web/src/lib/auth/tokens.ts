import { problemOf, Unreachable } from "@/lib/api/problem";
import type { components } from "@/lib/api/schema";
import { probe } from "@/lib/offline/reachability";

type Login = components["schemas"]["LoginOut"];

/** Kept in memory alone: no script of another page and no copy of the disk can read it. */
let token: string | null = null;
let underWay: Promise<string | null> | null = null;
const listeners = new Set<(login: Login | null) => void>();

/** Tells, without holding a secret, whether asking for a new access token is worth a request. */
const HINT = "session";

/** The same, told for a minute by the server, which alone sees somebody come in by Google. */
const SIGNED_IN = "studyteddy_signed_in=1";

function hint(present: boolean): void {
  try {
    if (present) localStorage.setItem(HINT, "1");
    else localStorage.removeItem(HINT);
  } catch {
    // Storage may be forbidden; then each start asks the server.
  }
}

export function mayBeLoggedIn(): boolean {
  try {
    if (document.cookie.includes(SIGNED_IN)) hint(true);
    return localStorage.getItem(HINT) === "1";
  } catch {
    return true;
  }
}

export function accessToken(): string | null {
  return token;
}

/** From now on, be told of each log-in (with its user) and of the end of the log-in (null). */
export function onLogin(listener: (login: Login | null) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function keepLogin(login: Login): void {
  token = login.access_token;
  hint(true);
  listeners.forEach((listener) => listener(login));
}

export function dropLogin(): void {
  token = null;
  hint(false);
  listeners.forEach((listener) => listener(null));
}

/**
 * A fresh access token by the refresh cookie, or null when the log-in has ended. However many requests find the token
 * `spent` at once, one refresh is sent; tabs take turns, since the server takes each refresh token once.
 */
export function refreshed(spent: string | null): Promise<string | null> {
  if (token && token !== spent) return Promise.resolve(token);
  underWay ??= inTurn(refresh).finally(() => (underWay = null));
  return underWay;
}

async function refresh(): Promise<string | null> {
  const response = await fetch("/api/v1/auth/refresh", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
    credentials: "same-origin",
  }).catch(() => {
    void probe();
    throw new Unreachable();
  });
  const body: unknown = await response.json().catch(() => null);
  if (response.ok) {
    keepLogin(body as Login);
    return token;
  }
  // A server that is down says nothing about the log-in; only a refusal ends it.
  if (response.status === 401 || response.status === 403) {
    dropLogin();
    return null;
  }
  throw problemOf(response, body);
}

async function inTurn<T>(action: () => Promise<T>): Promise<T> {
  // Absent on plain-HTTP addresses other than localhost; the server's grace period for twins has to do there.
  return "locks" in navigator ? await navigator.locks.request("refresh", action) : await action();
}
