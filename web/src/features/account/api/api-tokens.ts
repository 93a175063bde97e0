import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { components } from "@/lib/api/schema";
import { answered, api } from "@/lib/api/client";

export type ApiToken = components["schemas"]["ApiTokenOut"];
type NewToken = { name: string; scopes: ("read" | "write")[] };

const tokensKey = ["account", "api-tokens"] as const;

/** The tokens by which scripts act for the person, newest first. */
export function useApiTokens() {
  return useQuery({
    queryKey: tokensKey,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/users/me/api-tokens", { signal })),
  });
}

/** A new token; its secret is in this answer and nowhere else. */
export function useMakeApiToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: NewToken) => answered(api.POST("/api/v1/users/me/api-tokens", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: tokensKey }),
  });
}

/** From now on the token is refused. */
export function useDeleteApiToken() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answered(api.DELETE("/api/v1/users/me/api-tokens/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: tokensKey }),
  });
}
