import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ANALYTICS, type Days } from "@/features/analytics/api/analytics";
import { answered, api } from "@/lib/api/client";

/** How much was remembered in each of some stretches of days. */
export function useRetention(parts: Days[]) {
  return useQuery({
    queryKey: [...ANALYTICS, "retention", parts],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      Promise.all(parts.map((query) => answered(api.GET("/api/v1/analytics/retention", { params: { query }, signal })))),
  });
}
