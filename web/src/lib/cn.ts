import { clsx, type ClassValue } from "clsx";
import { twMerge } from "tailwind-merge";

/** Class names put together, the later ones winning where two say different things. */
export function cn(...names: ClassValue[]): string {
  return twMerge(clsx(names));
}
