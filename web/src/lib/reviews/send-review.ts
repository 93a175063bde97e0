import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";

export type Rating = components["schemas"]["Rating"];
export type Reviewed = components["schemas"]["ReviewedOut"];

export type Grade = {
  card: string;
  /** The version that was shown: a card that changed meanwhile is refused (409 `stale_card`). */
  version: number;
  rating: Rating;
  tookMs: number;
  /** Makes a review that is sent twice count once. */
  key: string;
};

/** The one way by which a review leaves the browser. */
export function sendReview({ card, version, rating, tookMs, key }: Grade): Promise<Reviewed> {
  return answered(
    api.POST("/api/v1/cards/{id}/reviews", {
      params: { path: { id: card } },
      body: { rating, card_version: version, took_ms: tookMs },
      headers: { "Idempotency-Key": key },
    }),
  );
}
