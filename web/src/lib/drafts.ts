"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { onLogout } from "@/lib/auth/session";

const PREFIX = "draft:";

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

onLogout(forgetDrafts);

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
