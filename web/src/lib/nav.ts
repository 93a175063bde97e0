"use client";

import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useCallback } from "react";

/** The one file that knows the router. */
export { usePathname, useRouter };

/** Paths of our own alone: `//elsewhere`, `/\elsewhere` and addresses with a scheme lead to the front. */
export function ownPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : "/today";
}

/** A value of the address, and how to change it: null takes it out. A change can be gone back from unless `replace`. */
export function useParam(name: string): [string | null, (value: string | null, options?: { replace?: boolean }) => void] {
  const parameters = useSearchParams();
  const pathname = usePathname();
  const router = useRouter();
  const change = useCallback(
    (value: string | null, options?: { replace?: boolean }) => {
      const changed = new URLSearchParams(window.location.search);
      if (value === null) changed.delete(name);
      else changed.set(name, value);
      const query = changed.toString();
      router[options?.replace ? "replace" : "push"](query ? `${pathname}?${query}` : pathname, { scroll: false });
    },
    [name, pathname, router],
  );
  return [parameters.get(name), change];
}

type Change = Record<string, string | null>;

/** Change several values of the address in one step: null takes one out. */
export function useChangeParams(): (changes: Change, options?: { replace?: boolean }) => void {
  const pathname = usePathname();
  const router = useRouter();
  return useCallback(
    (changes, options) => {
      const changed = new URLSearchParams(window.location.search);
      for (const [name, value] of Object.entries(changes)) {
        if (value === null) changed.delete(name);
        else changed.set(name, value);
      }
      const query = changed.toString();
      router[options?.replace ? "replace" : "push"](query ? `${pathname}?${query}` : pathname, { scroll: false });
    },
    [pathname, router],
  );
}
