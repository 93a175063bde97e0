import { useEffect, useRef } from "react";

type Handlers = Record<string, (() => void) | undefined | false>;

const KEY = "shortcuts";

/** Single keys can be switched off (WCAG 2.1.4); those with Ctrl or Cmd stay. */
export function shortcutsOn(): boolean {
  try {
    return localStorage.getItem(KEY) !== "off";
  } catch {
    return true;
  }
}

export function switchShortcuts(on: boolean): void {
  try {
    if (on) localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, "off");
  } catch {
    // Without storage they stay on.
  }
}

function typing(target: EventTarget | null): boolean {
  const element = target as HTMLElement | null;
  return Boolean(element?.closest?.("input, textarea, select, [contenteditable=true]"));
}

/** On a button or a link, Enter and Space are already spoken for. */
function pressing(event: KeyboardEvent): boolean {
  const element = event.target as HTMLElement | null;
  return (event.key === "Enter" || event.key === " ") && Boolean(element?.closest?.("button, a, summary, [role=menuitem]"));
}

/** Do something at single keys (by `event.key`) while nobody types and no dialog is open, unless `inDialog`. */
export function useKeys(handlers: Handlers, options: { inDialog?: boolean } = {}): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  const inDialog = options.inDialog ?? false;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || event.repeat) return;
      if (typing(event.target) || pressing(event) || !shortcutsOn()) return;
      if (!inDialog && document.querySelector("[role=dialog][data-state=open]")) return;
      const handle = latest.current[event.key];
      if (!handle) return;
      event.preventDefault();
      handle();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [inDialog]);
}

const SEQUENCE_MS = 1_500;

/** Do something at two keys in a row, such as g and then t. The second key does nothing else. */
export function useSequence(first: string, handlers: Handlers): void {
  const latest = useRef(handlers);
  useEffect(() => {
    latest.current = handlers;
  });
  useEffect(() => {
    let begun = -Infinity;
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (typing(event.target) || !shortcutsOn() || document.querySelector("[role=dialog][data-state=open]")) return;
      const handle = event.timeStamp - begun < SEQUENCE_MS && latest.current[event.key];
      begun = event.key === first && !handle ? event.timeStamp : -Infinity;
      if (!handle) return;
      event.preventDefault();
      handle();
    };
    // Ahead of the handlers of single keys, which leave alone what was taken.
    window.addEventListener("keydown", listen, true);
    return () => window.removeEventListener("keydown", listen, true);
  }, [first]);
}
