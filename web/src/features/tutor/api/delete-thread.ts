import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { create } from "zustand";
import { messagesKey, threadKey, threadListKey } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";
import { onLogout } from "@/lib/auth/session";

/** A little longer than the notice with its Undo is there. */
const GRACE_MS = 6_500;

/** Threads that are gone for the eye and not yet for the server, which could not bring them back. */
export const useDoomed = create<{ ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

const waiting = new Map<string, { timer: ReturnType<typeof setTimeout>; carryOut: () => void }>();

function mark(id: string, doomed: boolean): void {
  const ids = new Set(useDoomed.getState().ids);
  if (doomed) ids.add(id);
  else ids.delete(id);
  useDoomed.setState({ ids });
}

if (typeof window !== "undefined") {
  window.addEventListener("pagehide", () => waiting.forEach(({ carryOut }) => carryOut()));
}
onLogout(() => {
  waiting.forEach(({ timer }) => clearTimeout(timer));
  waiting.clear();
  useDoomed.setState({ ids: new Set() });
});

/** Delete a thread once it can't be undone any more; `undo` before that leaves everything as it was. */
export function useDeleteThread(onFault: (error: unknown) => void) {
  const queries = useQueryClient();
  return useCallback(
    (id: string) => {
      const carryOut = () => {
        clearTimeout(waiting.get(id)?.timer);
        if (!waiting.delete(id)) return;
        answered(api.DELETE("/api/v1/threads/{id}", { params: { path: { id } }, keepalive: true }))
          .then(() => {
            queries.removeQueries({ queryKey: threadKey(id) });
            queries.removeQueries({ queryKey: messagesKey(id) });
            return queries.invalidateQueries({ queryKey: threadListKey });
          })
          .catch(onFault)
          .finally(() => mark(id, false));
      };
      mark(id, true);
      waiting.set(id, { timer: setTimeout(carryOut, GRACE_MS), carryOut });
      return function undo() {
        clearTimeout(waiting.get(id)?.timer);
        if (waiting.delete(id)) mark(id, false);
      };
    },
    [queries, onFault],
  );
}
