import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { NOTIFICATIONS, type Preferences } from "@/features/notifications/api/notifications";
import { answered, api } from "@/lib/api/client";

const KEY = [...NOTIFICATIONS, "preferences"] as const;

/** What the person wants to be told, where and when. */
export function usePreferences() {
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/notifications/preferences", { signal })),
  });
}

export function useSavePreferences() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Preferences) => answered(api.PUT("/api/v1/notifications/preferences", { body })),
    onSuccess: (saved) => queries.setQueryData(KEY, saved),
  });
}
