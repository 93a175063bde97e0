import { useState } from "react";
import { useHasCards } from "@/features/today/api/has-cards";
import { useHasThreads } from "@/features/today/api/has-threads";
import { useRecentDocuments } from "@/features/today/api/list-documents";
import { useDue } from "@/features/today/api/list-due";

/**
 * Whether all that changes the height of the day is there (or can't be had), so that nothing moves under a finger. Once
 * it has arrived it stays: what failed is asked for anew by each part that shows it, and hiding them meanwhile would make
 * them ask again, without end.
 */
export function useDayArrived(ends: string): boolean {
  const [arrived, setArrived] = useState(false);
  const parts = [useDue(ends), useRecentDocuments(), useHasThreads(), useHasCards()];
  const now = parts.every(({ isPending, fetchStatus, failureCount }) => !isPending || fetchStatus === "paused" || failureCount > 0);
  if (now && !arrived) setArrived(true);
  return arrived || now;
}
