import { useQuery } from "@tanstack/react-query";
import { devicesKey } from "@/features/account/api/account";
import { answered, api } from "@/lib/api/client";

/** Where the person is logged in. */
export function useDevices() {
  return useQuery({
    queryKey: devicesKey,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/auth/sessions", { signal })),
  });
}
