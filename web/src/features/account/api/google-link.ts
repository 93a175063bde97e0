import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

const KEY = ["account", "google-link"] as const;

/** The address at Google that the account is linked to, null where it is not. */
export function useGoogleLink() {
  return useQuery({
    queryKey: KEY,
    queryFn: async ({ signal }) => (await answered(api.GET("/api/v1/auth/google/link", { signal }))).email,
  });
}

/** Leave for Google, which sends the browser back to the settings, or to the door with what went wrong. */
export function useLinkGoogle() {
  return useMutation({
    mutationFn: async () => {
      const { url } = await answered(api.POST("/api/v1/auth/google/link", { body: { next: "/settings" } }));
      window.location.assign(url);
    },
  });
}

export function useUnlinkGoogle() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.DELETE("/api/v1/auth/google/link")),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
