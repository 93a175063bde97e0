import { useSyncExternalStore } from "react";

export type Theme = "light" | "dark" | "system";

const KEY = "theme";
const listeners = new Set<() => void>();

function stored(): Theme {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : "system";
  } catch {
    return "system";
  }
}

function apply(): void {
  const theme = stored();
  const dark = theme === "dark" || (theme === "system" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.classList.toggle("dark", dark);
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const changed = () => {
    apply();
    listener();
  };
  listeners.add(listener);
  system.addEventListener("change", changed);
  window.addEventListener("storage", changed);
  return () => {
    listeners.delete(listener);
    system.removeEventListener("change", changed);
    window.removeEventListener("storage", changed);
  };
}

/** The chosen theme and how to choose; `public/theme.js` applies it before the first paint. */
export function useTheme(): [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, stored, () => "system" as const);
  return [theme, choose];
}

function choose(theme: Theme): void {
  try {
    if (theme === "system") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the system's theme stays.
  }
  apply();
  listeners.forEach((listener) => listener());
}
