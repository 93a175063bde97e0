import { answered, api } from "@/lib/api/client";
import { socket } from "@/lib/socket/socket";

/** Stop an answer, over the socket where there is one; what was said so far stays. */
export async function stop(messageId: string): Promise<void> {
  if (socket.cancel(messageId)) return;
  await answered(api.POST("/api/v1/messages/{id}/cancel", { params: { path: { id: messageId } } }));
}
