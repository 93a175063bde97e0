"use client";

import katex from "katex";
import "katex/dist/katex.min.css";
import { useEffect, useRef } from "react";

/** A formula, set by KaTeX. Rendered into the element: style attributes in markup would be refused by the policy. */
export function Formula({ source, display }: { source: string; display?: boolean }) {
  const place = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    try {
      katex.render(source, element, {
        displayMode: display ?? false,
        throwOnError: true,
        strict: "ignore",
        trust: false,
        maxSize: 20,
        maxExpand: 200,
      });
    } catch {
      element.textContent = source;
    }
  }, [source, display]);
  return display ? (
    <span ref={place} tabIndex={0} className="my-3 block overflow-x-auto py-1" />
  ) : (
    <span ref={place} className="inline-block max-w-full overflow-x-auto overflow-y-hidden align-middle" />
  );
}
