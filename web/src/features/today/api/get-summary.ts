import { useQuery } from "@tanstack/react-query";
import { summaryKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

/** The figures of one study day (`2026-03-02`), and the streak. */
export function useSummary(day: string) {
  return useQuery({
    queryKey: [...summaryKey, day],
    meta: { kept: "summary-today" },
    queryFn: ({ signal }) =>
      answered(api.GET("/api/v1/analytics/summary", { params: { query: { from: day, to: day } }, signal })),
  });
}
