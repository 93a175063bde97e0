import { useQuery } from "@tanstack/react-query";
import { FLASHCARDS } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

const DAYS_AHEAD = 14;

/** The next day on which cards fall due, of all decks, after a given one; null when there is none in a fortnight. */
export function useNextDue(day: string) {
  const later = (days: number) => new Date(Date.parse(day) + days * 86_400_000).toISOString().slice(0, 10);
  return useQuery({
    queryKey: [...FLASHCARDS, "forecast", day],
    queryFn: async ({ signal }) => {
      const query = { from: later(1), to: later(DAYS_AHEAD) };
      const forecast = await answered(api.GET("/api/v1/analytics/forecast", { params: { query }, signal }));
      return forecast.days.find(({ due }) => due > 0) ?? null;
    },
  });
}
