import { useMutation, useQueryClient } from "@tanstack/react-query";
import { messagesKey, type Message } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

export const GOOD = 5;
export const BAD = 1;

/** Say whether an answer helped; shown at once, taken back if the server refuses. */
export function useRate() {
  const queries = useQueryClient();
  const show = (message: Message) =>
    queries.setQueryData<Message[]>(messagesKey(message.thread_id), (all) =>
      all?.map((one) => (one.id === message.id ? message : one)),
    );
  return useMutation({
    mutationFn: ({ message, rating }: { message: Message; rating: number }) =>
      answered(api.POST("/api/v1/messages/{id}/feedback", { params: { path: { id: message.id } }, body: { rating } })),
    onMutate: ({ message, rating }) => show({ ...message, feedback_rating: rating }),
    onError: (_error, { message }) => show(message),
    onSuccess: show,
  });
}
