import { answered, api } from "@/lib/api/client";
import { forgetOld, keep } from "@/lib/offline/kept";
import { KEPT_QUEUE } from "@/lib/reviews/kept-queue";

const MOST = 100;

const firstPage = <Page>(page: Page) => ({ pages: [page], pageParams: [""] });

/**
 * Keep what a day without the server needs: the cards of today, the decks, the open tasks. The names are those that the
 * pages look under.
 */
export async function keepReady(person: string): Promise<void> {
  const [queue, decks, tasks] = await Promise.all([
    answered(api.GET("/api/v1/reviews/queue", { params: { query: { limit: MOST } } })),
    answered(api.GET("/api/v1/decks", { params: { query: { limit: MOST } } })),
    answered(api.GET("/api/v1/tasks", { params: { query: { status: "open", sort: "due_at", limit: MOST } } })),
  ]);
  await keep(person, {
    [KEPT_QUEUE]: queue,
    decks: firstPage(decks),
    "tasks-open": firstPage(tasks),
    due: tasks,
    ...Object.fromEntries(decks.items.map((deck) => [`deck-${deck.id}`, deck])),
    ...Object.fromEntries(tasks.items.map((task) => [`task-${task.id}`, task])),
  });
  await forgetOld(Date.now());
}
