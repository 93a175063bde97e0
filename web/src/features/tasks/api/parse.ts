import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TASKS, type DraftPart } from "@/features/tasks/api/tasks";
import { answered, api } from "@/lib/api/client";

/** What a line such as "Read ch 3 tomorrow 45m !high #biology" stands for; the words of `unread` stay in the title. */
export function useDraftOf(text: string, unread: DraftPart[]) {
  return useQuery({
    queryKey: [...TASKS, "draft", text, unread],
    enabled: text.trim() !== "",
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    queryFn: ({ signal }) => answered(api.POST("/api/v1/tasks/parse", { body: { text, unread }, signal })),
  });
}

export function draftOf(text: string, unread: DraftPart[]) {
  return answered(api.POST("/api/v1/tasks/parse", { body: { text, unread } }));
}
