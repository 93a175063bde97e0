import { useHasCards } from "@/features/today/api/has-cards";
import { useHasThreads } from "@/features/today/api/has-threads";
import { useRecentDocuments } from "@/features/today/api/list-documents";
import { useDue } from "@/features/today/api/list-due";

/** Whether all that changes the height of the day is there (or can't be had), so that nothing moves under a finger. */
export function useDayArrived(ends: string): boolean {
  const parts = [useDue(ends), useRecentDocuments(), useHasThreads(), useHasCards()];
  return parts.every(({ isPending, fetchStatus, failureCount }) => !isPending || fetchStatus === "paused" || failureCount > 0);
}
