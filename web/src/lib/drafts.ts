"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { onParting, useSession } from "@/lib/auth/session";

const PREFIX = "draft:";
const OWNER = "drafts-of";

function read<T>(key: string, fallback: T): T {
  try {
    const kept = sessionStorage.getItem(PREFIX + key);
    return kept === null ? fallback : (JSON.parse(kept) as T);
  } catch {
    return fallback;
  }
}

function write(key: string, value: unknown): void {
  try {
    if (value === undefined) sessionStorage.removeItem(PREFIX + key);
    else sessionStorage.setItem(PREFIX + key, JSON.stringify(value));
  } catch {
    // Full or forbidden: the draft lives as long as the page.
  }
}

export function forgetDrafts(): void {
  try {
    Object.keys(sessionStorage)
      .filter((key) => key.startsWith(PREFIX))
      .forEach((key) => sessionStorage.removeItem(key));
  } catch {
    return;
  }
}

// A log-in that ran out keeps them for the same person; nobody else gets to see them.
onParting(forgetDrafts);
useSession.subscribe(({ user }) => {
  if (!user) return;
  try {
    const owner = sessionStorage.getItem(OWNER);
    if (owner !== null && owner !== user.id) forgetDrafts();
    sessionStorage.setItem(OWNER, user.id);
  } catch {
    return;
  }
});

/** Like `useState`, but what was typed is there again after a reload or a crash; `clear` when it was sent. */
export function useDraft<T>(key: string, initial: T): [T, (value: T) => void, () => void] {
  const [value, setValue] = useState<T>(initial);
  const first = useRef(initial);

  useEffect(() => setValue(read(key, first.current)), [key]);

  const change = useCallback(
    (next: T) => {
      setValue(next);
      write(key, next);
    },
    [key],
  );
  const clear = useCallback(() => {
    setValue(first.current);
    write(key, undefined);
  }, [key]);
  return [value, change, clear];
}
