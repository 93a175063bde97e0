import { useQuery, type QueryClient } from "@tanstack/react-query";
import { messagesKey, type Message } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;

async function all(id: string, signal?: AbortSignal): Promise<Message[]> {
  const messages: Message[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const query: { limit: number; cursor?: string } = { limit: PAGE, ...(cursor ? { cursor } : {}) };
    const page = await answered(api.GET("/api/v1/threads/{id}/messages", { params: { path: { id }, query }, signal }));
    messages.push(...page.items);
    cursor = page.next_cursor;
  }
  return messages;
}

/** Everything said in a thread, in its order. */
export function useMessages(thread: string | null) {
  return useQuery({
    queryKey: messagesKey(thread ?? ""),
    enabled: thread !== null,
    queryFn: ({ signal }) => all(thread ?? "", signal),
  });
}

export function refetchMessages(queries: QueryClient, thread: string): Promise<Message[]> {
  return queries.fetchQuery({ queryKey: messagesKey(thread), queryFn: ({ signal }) => all(thread, signal), staleTime: 0 });
}
