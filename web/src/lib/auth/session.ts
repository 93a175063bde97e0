import { create } from "zustand";
import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";
import { Unreachable } from "@/lib/api/problem";
import { dropLogin, keepLogin, mayBeLoggedIn, onLogin, refreshed } from "@/lib/auth/tokens";
import { forgetKept, keepPerson, keptPerson } from "@/lib/offline/kept";

export type User = components["schemas"]["UserOut"];

type Session = {
  /** `unknown` until the refresh cookie was tried. */
  status: "unknown" | "out" | "in";
  user: User | null;
  /** What is to be told at the door about the end of the log-in. */
  farewell?: string;
};

export const useSession = create<Session>(() => ({ status: "unknown", user: null }));

const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("session");
const cleanUps = new Set<() => void>();

/** Run at the end of each log-in, here or in another tab: forget what belongs to the person. */
export function onLogout(forget: () => void): () => void {
  cleanUps.add(forget);
  return () => cleanUps.delete(forget);
}

const partings = new Set<() => void>();

/** Run when somebody logs out on purpose, here or in another tab; not when a log-in merely ran out. */
export function onParting(forget: () => void): () => void {
  partings.add(forget);
  return () => partings.delete(forget);
}

function part(): void {
  partings.forEach((forget) => forget());
  dropLogin();
}

onLogin((login) => {
  if (login) {
    useSession.setState({ status: "in", user: login.user, farewell: undefined });
    void keepPerson(login.user);
  } else {
    useSession.setState({ status: "out", user: null });
    cleanUps.forEach((forget) => forget());
    void forgetKept();
  }
});

if (channel) channel.onmessage = (message) => message.data === "out" && part();

/**
 * Find out whether somebody is logged in; a visitor who never was costs no request. Without the server, whoever was
 * logged in here sees what is kept for them; the log-in itself is tried again with the first request that gets through.
 */
export async function begin(): Promise<void> {
  if (useSession.getState().status !== "unknown") return;
  if (!mayBeLoggedIn()) return useSession.setState({ status: "out" });
  try {
    await refreshed(null);
  } catch (error) {
    const user = error instanceof Unreachable ? await keptPerson<User>() : undefined;
    if (!user) throw error;
    useSession.setState({ status: "in", user });
  }
}

/** The same before anything is shown: a fault is left to `begin`, which can tell of it. */
export async function beginEarly(): Promise<void> {
  if (mayBeLoggedIn()) await refreshed(null).catch(() => undefined);
}

export async function logIn(email: string, password: string): Promise<void> {
  keepLogin(await answered(api.POST("/api/v1/auth/login", { body: { email, password, use_cookie: true } })));
}

/** A new account, and the log-in by cookie that the rest goes by. */
export async function register(body: components["schemas"]["Registration"]): Promise<void> {
  await answered(api.POST("/api/v1/auth/register", { body }));
  await logIn(body.email, body.password);
}

export async function logOut(everywhere = false): Promise<void> {
  const path = everywhere ? "/api/v1/auth/logout-all" : "/api/v1/auth/logout";
  await answered(api.POST(path));
  end();
}

function end(): void {
  channel?.postMessage("out");
  part();
}

/** The log-in has ended with what was done here; the door tells what it was. */
export function leave(farewell: string): void {
  useSession.setState({ farewell });
  end();
}

/** The profile was changed: show the new one. */
export function keepUser(user: User): void {
  useSession.setState({ user });
  void keepPerson(user);
}
