import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { ADMINISTRATION, type Role } from "@/features/administration/api/administration";
import { answered, api } from "@/lib/api/client";

const PAGE = 20;

/** `email` is how the address begins; null and "" let everybody through. */
export type Wanted = { email: string; role: Role | null; disabled: boolean | null };

/** Accounts by address. */
export function useAccounts({ email, role, disabled }: Wanted) {
  return useInfiniteQuery({
    queryKey: [...ADMINISTRATION, "accounts", email, role, disabled],
    placeholderData: keepPreviousData,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: PAGE,
        ...(email ? { email } : {}),
        ...(role ? { role } : {}),
        ...(disabled === null ? {} : { disabled }),
        ...(pageParam ? { cursor: pageParam } : {}),
      };
      return answered(api.GET("/api/v1/users", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}
