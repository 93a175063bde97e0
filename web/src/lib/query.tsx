"use client";

import {
  MutationCache,
  QueryCache,
  QueryClient,
  QueryClientProvider,
  type InvalidateOptions,
  type InvalidateQueryFilters,
  type QueryKey,
} from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { ApiProblem } from "@/lib/api/problem";
import { onLogout } from "@/lib/auth/session";
import { orKept } from "@/lib/offline/kept-queries";

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether asking again by ourselves may help: a refusal stays a refusal. */
function mayPass(failures: number, error: Error): boolean {
  return failures < 2 && navigator.onLine && (!(error instanceof ApiProblem) || PASSING.has(error.status));
}

/**
 * What is out of date is asked for anew, even while it is fetched for the first time: the library would wait for that
 * fetch, whose answer may have been read before the change.
 */
class Queries extends QueryClient {
  override async invalidateQueries<Key extends QueryKey>(
    filters?: InvalidateQueryFilters<Key>,
    options?: InvalidateOptions,
  ): Promise<void> {
    const fetching = this.getQueryCache().findAll({ ...filters, type: "active", fetchStatus: "fetching" });
    const first = fetching.filter((query) => query.state.data === undefined);
    await Promise.all(first.map((query) => query.cancel({ revert: true })));
    await super.invalidateQueries(filters, options);
  }
}

export function makeQueryClient(): QueryClient {
  return new Queries({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache(),
    defaultOptions: {
      // Without a network a question is asked all the same: its answer may be kept here, and if not, that is said.
      queries: { staleTime: 15_000, retry: mayPass, refetchOnWindowFocus: true, networkMode: "always", persister: orKept },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}

/** What the server said, kept for a while and forgotten with the log-in. */
export function ServerState({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  useEffect(() => onLogout(() => client.clear()), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
