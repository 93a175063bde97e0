import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";

const KEY = ["calendar"] as const;

/** Whether there is a feed, and since when. */
export function useCalendar() {
  return useQuery({ queryKey: KEY, queryFn: ({ signal }) => answered(api.GET("/api/v1/calendar", { signal })) });
}

/** A new address, in this answer and nowhere else; one from before is good no longer. */
export function useNewAddress() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.POST("/api/v1/calendar/rotate")),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}

export function useEndCalendar() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => answered(api.DELETE("/api/v1/calendar")),
    onSettled: () => queries.invalidateQueries({ queryKey: KEY }),
  });
}
