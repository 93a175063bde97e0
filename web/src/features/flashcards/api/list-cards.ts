import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { cardsKey, type CardFilters } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

const PAGE = 100;

/** The cards of a deck that pass a filter, page by page, in the order that it names, else that in which they were made. */
export function useCards(deck: string, filters: CardFilters) {
  return useInfiniteQuery({
    queryKey: cardsKey(deck, filters),
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) => cards(deck, { ...filters, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    getNextPageParam: (page) => page.next_cursor,
  });
}

/** Whether the deck has a card that asks the same already. */
export function useSameFront(deck: string, front: string): boolean {
  const sought = front.trim();
  const found = useQuery({
    queryKey: [...cardsKey(deck), "same", sought],
    enabled: sought.length > 2 && sought.length <= 200,
    queryFn: ({ signal }) => cards(deck, { q: sought, limit: 20 }, signal),
  });
  return found.data?.items.some((card) => card.front.trim().toLowerCase() === sought.toLowerCase()) ?? false;
}

function cards(deck: string, query: CardFilters & { limit: number; cursor?: string }, signal: AbortSignal) {
  return answered(api.GET("/api/v1/decks/{id}/cards", { params: { path: { id: deck }, query }, signal }));
}
