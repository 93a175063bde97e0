import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TASKS } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

/** What a line such as "Read ch 3 tomorrow 45m !high #biology" stands for. */
export function useDraftOf(text: string) {
  return useQuery({
    queryKey: [...TASKS, "draft", text],
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    queryFn: ({ signal }) => answered(api.POST("/api/v1/tasks/parse", { body: { text }, signal })),
  });
}

export function draftOf(text: string) {
  return answered(api.POST("/api/v1/tasks/parse", { body: { text } }));
}
