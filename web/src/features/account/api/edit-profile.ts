import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Profile } from "@/features/account/api/account";
import { answered, api } from "@/lib/api/client";
import { keepUser, type User } from "@/lib/auth/session";

/** Change settings, unless they were changed elsewhere since (412 `stale_version`). */
export function useEditProfile(user: User) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (body: Profile) =>
      answered(api.PATCH("/api/v1/users/me", { body, headers: { "If-Match": `"${user.version}"` } })),
    onSuccess: (changed) => {
      keepUser(changed);
      // What a day is may have changed, and with it every figure.
      return queries.invalidateQueries();
    },
  });
}
