import { useMutation } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";
import { leave } from "@/lib/auth/session";

/** Delete the account and everything in it. Nobody gets in from that moment on, here and on other devices. */
export function useDeleteAccount() {
  return useMutation({
    mutationFn: (body: components["schemas"]["Farewell"]) => answered(api.DELETE("/api/v1/users/me", { body })),
    onSuccess: () => leave("account_deleted"),
  });
}
