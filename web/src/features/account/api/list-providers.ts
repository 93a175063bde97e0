import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

/** By whom people can come in here besides a password. */
export function useProviders() {
  return useQuery({
    queryKey: ["account", "providers"],
    staleTime: Infinity,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/auth/providers", { signal })),
  });
}
