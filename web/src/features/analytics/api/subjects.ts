import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ANALYTICS, type Days } from "@/features/analytics/api/analytics";
import { answered, api } from "@/lib/api/client";

export function useSubjectTimes(query: Days) {
  return useQuery({
    queryKey: [...ANALYTICS, "subjects", query],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/analytics/subjects", { params: { query }, signal })),
  });
}
