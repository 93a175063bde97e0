import { useMutation, useQueryClient } from "@tanstack/react-query";
import { messagesKey, type Message } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

export const GOOD = 5;
export const BAD = 1;
/** Characters. */
export const LONGEST_REASON = 500;

type Rating = { message: Message; rating: number; reason?: string };

/** Say whether an answer helped, and why if one likes; shown at once, taken back if the server refuses. */
export function useRate() {
  const queries = useQueryClient();
  const show = (message: Message) =>
    queries.setQueryData<Message[]>(messagesKey(message.thread_id), (all) =>
      all?.map((one) => (one.id === message.id ? message : one)),
    );
  return useMutation({
    mutationFn: ({ message, rating, reason }: Rating) =>
      answered(
        api.POST("/api/v1/messages/{id}/feedback", {
          params: { path: { id: message.id } },
          body: { rating, ...(reason && { reason }) },
        }),
      ),
    onMutate: ({ message, rating, reason }) => show({ ...message, feedback_rating: rating, feedback_reason: reason ?? null }),
    onError: (_error, { message }) => show(message),
    onSuccess: show,
  });
}
