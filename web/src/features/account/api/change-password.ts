import { useMutation, useQueryClient } from "@tanstack/react-query";
import { devicesKey } from "@/features/account/api/account";
import { answered, api } from "@/lib/api/client";

type Passwords = { current_password: string; new_password: string };

/** Set another password; the log-ins of all other devices end. */
export function useChangePassword() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Passwords) => answered(api.POST("/api/v1/auth/password/change", { body })),
    onSuccess: () => queries.invalidateQueries({ queryKey: devicesKey }),
  });
}
