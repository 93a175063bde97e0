"use client";

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { ApiProblem } from "@/lib/api/problem";
import { onLogout } from "@/lib/auth/session";

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Whether asking again by ourselves may help: a refusal stays a refusal. */
function mayPass(failures: number, error: Error): boolean {
  return failures < 2 && (!(error instanceof ApiProblem) || PASSING.has(error.status));
}

export function makeQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache(),
    mutationCache: new MutationCache(),
    defaultOptions: {
      queries: { staleTime: 15_000, retry: mayPass, refetchOnWindowFocus: true },
      mutations: { retry: false },
    },
  });
}

/** What the server said, kept for a while and forgotten with the log-in. */
export function ServerState({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient);
  useEffect(() => onLogout(() => client.clear()), [client]);
  return <QueryClientProvider client={client}>{children}</QueryClientProvider>;
}
