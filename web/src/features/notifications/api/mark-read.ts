import { useMutation, useQueryClient } from "@tanstack/react-query";
import { NOTIFICATIONS } from "@/features/notifications/api/notifications";
import { answered, api } from "@/lib/api/client";

/** Some were read; null stands for all of them. */
export function useMarkRead() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[] | null) => answered(api.POST("/api/v1/notifications/read", { body: ids ? { ids } : {} })),
    onSettled: () => queries.invalidateQueries({ queryKey: NOTIFICATIONS }),
  });
}
