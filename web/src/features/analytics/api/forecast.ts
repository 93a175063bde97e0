import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ANALYTICS } from "@/features/analytics/api/analytics";
import { later } from "@/features/analytics/days";
import { answered, api } from "@/lib/api/client";

/** Cards that fall due from today on, day by day, and apart from them those that were due before. */
export function useForecast(today: string, days: number) {
  return useQuery({
    queryKey: [...ANALYTICS, "forecast", today, days],
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      const ask = (from: string, to: string) =>
        answered(api.GET("/api/v1/analytics/forecast", { params: { query: { from, to } }, signal }));
      const yesterday = later(today, -1);
      // A forecast counts what is overdue on its first day; one of yesterday alone counts nothing else.
      const [before, ahead] = await Promise.all([ask(yesterday, yesterday), ask(today, later(today, days - 1))]);
      const backlog = before.days[0]?.due ?? 0;
      const due = ahead.days.map((day, index) => (index === 0 ? { ...day, due: Math.max(0, day.due - backlog) } : day));
      return { backlog, days: due };
    },
  });
}
