import { useMutation, useQueryClient } from "@tanstack/react-query";
import { devicesKey } from "@/features/account/api/account";
import { answered, api } from "@/lib/api/client";

/** End the log-in of another device. */
export function useEndDevice() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answered(api.DELETE("/api/v1/auth/sessions/{id}", { params: { path: { id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: devicesKey }),
  });
}
