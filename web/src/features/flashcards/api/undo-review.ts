import type { Card } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

/** Take back the last review of a card; the card as it is scheduled again. */
export function undoReview(id: string): Promise<Card> {
  return answered(api.POST("/api/v1/reviews/{id}/undo", { params: { path: { id } } }));
}
