import { useQuery } from "@tanstack/react-query";
import { ANALYTICS, type Days } from "@/features/analytics/api/analytics";
import { answered, api } from "@/lib/api/client";

export function useHeatmap(query: Days) {
  return useQuery({
    queryKey: [...ANALYTICS, "heatmap", query],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/analytics/heatmap", { params: { query }, signal })),
  });
}
