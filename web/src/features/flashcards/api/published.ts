import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { decksKey, FLASHCARDS, type Deck } from "@/features/flashcards/api/flashcards";
import type { components } from "@/lib/api/schema";
import { answered, api } from "@/lib/api/client";
import { newId } from "@/lib/ids";

export type PublishedDeck = components["schemas"]["PublishedDeckOut"];

const publishedKey = [...FLASHCARDS, "published"] as const;

/** The decks that teachers show, by name. */
export function usePublishedDecks(q: string) {
  return useInfiniteQuery({
    queryKey: [...publishedKey, "list", q],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 50, ...(q && { q }), ...(pageParam && { cursor: pageParam }) };
      return answered(api.GET("/api/v1/published-decks", { params: { query }, signal }));
    },
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** One of them with its cards, page by page. */
export function usePublishedDeck(id: string) {
  return useInfiniteQuery({
    queryKey: [...publishedKey, "one", id],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => {
      const query = { limit: 100, ...(pageParam && { cursor: pageParam }) };
      return answered(api.GET("/api/v1/published-decks/{id}", { params: { path: { id }, query }, signal }));
    },
    getNextPageParam: (page) => page.cards.next_cursor,
  });
}

export function useCopyDeck() {
  const queries = useQueryClient();
  return useMutation({
    // The key makes a click that is sent twice one copy.
    mutationFn: (id: string) =>
      answered(api.POST("/api/v1/published-decks/{id}/copy", { params: { path: { id } }, headers: { "Idempotency-Key": newId() } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: decksKey }),
  });
}

/** Show a deck to everybody, or take it back. */
export function usePublishDeck() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ id, published_at }: Deck): Promise<void> => {
      const params = { path: { id } };
      if (published_at) await answered(api.DELETE("/api/v1/decks/{id}/publish", { params }));
      else await answered(api.POST("/api/v1/decks/{id}/publish", { params }));
    },
    onSuccess: () =>
      Promise.all([decksKey, publishedKey].map((queryKey) => queries.invalidateQueries({ queryKey }))),
  });
}
