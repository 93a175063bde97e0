import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ADMINISTRATION, type Account, type Role } from "@/features/administration/api/administration";
import { answered, api } from "@/lib/api/client";

type Change = { roles?: Role[]; disabled?: boolean };

/** Other roles, disabled or enabled, unless the account was changed since (412 `stale_version`). */
export function useChangeAccount(account: Account) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Change) =>
      answered(
        api.PATCH("/api/v1/users/{id}", {
          params: { path: { id: account.id } },
          body,
          headers: { "If-Match": `"${account.version}"` },
        }),
      ),
    onSettled: () => queries.invalidateQueries({ queryKey: ADMINISTRATION }),
  });
}

/** End every log-in of the account. */
export function useEndLogIns(account: Account) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/v1/users/{id}/logout-all", { params: { path: { id: account.id } } })),
    onSettled: () => queries.invalidateQueries({ queryKey: [...ADMINISTRATION, "events", account.id] }),
  });
}
