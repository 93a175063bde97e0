import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ANALYTICS, type Days } from "@/features/analytics/api/analytics";
import { answered, api } from "@/lib/api/client";

export function useSummary(query: Days) {
  return useQuery({
    queryKey: [...ANALYTICS, "summary", query],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/analytics/summary", { params: { query }, signal })),
  });
}
