"use client";

import { startTransition, useEffect, useState, type ReactNode } from "react";

const LONGEST_WAIT_MS = 500;

/** What is below the first screen of a page: it comes when the browser has a moment, `instead` holds its place. */
export function Afterwards({ instead, children }: { instead: ReactNode; children: ReactNode }) {
  const [come, setCome] = useState(false);
  useEffect(() => {
    const show = () => startTransition(() => setCome(true));
    // Safari has no idle callbacks.
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(show, LONGEST_WAIT_MS / 2);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(show, { timeout: LONGEST_WAIT_MS });
    return () => cancelIdleCallback(idle);
  }, []);
  return come ? children : instead;
}
