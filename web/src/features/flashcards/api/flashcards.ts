import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];
export type Deck = Schemas["DeckOut"];
export type DeckFields = Schemas["DeckFields"];
export type Card = Schemas["CardOut"];
export type CardFields = Schemas["CardFields"];
export type CardTexts = Schemas["CardTexts"];
export type CardState = Schemas["CardState"];
export type CardOrder = Schemas["CardOrder"];
export type Source = Schemas["SourceOut"];
export type Proposal = Schemas["ProposalOut"];
export type Queue = Schemas["QueueOut"];
export type QueuedCard = Schemas["QueuedCardOut"];
export type Rating = Schemas["Rating"];

export type CardFilters = { q?: string; tag?: string; state?: CardState; suspended?: boolean; buried?: boolean; flag?: number; sort?: CardOrder };

export const RATINGS = ["again", "hard", "good", "easy"] as const satisfies Rating[];
export const CARD_ORDERS = ["created_at", "-created_at", "due_on", "interval_days", "-interval_days", "ease_factor", "-ease_factor"] as const satisfies CardOrder[];
export const CARD_STATES = ["new", "due", "waiting"] as const satisfies CardState[];

/** Everything about cards that was asked for; a review changes counts everywhere. */
export const FLASHCARDS = ["flashcards"] as const;
export const decksKey = [...FLASHCARDS, "decks"] as const;
export const deckKey = (id: string) => [...decksKey, "one", id] as const;
export const cardsKey = (deck: string, filters?: CardFilters) =>
  filters ? ([...FLASHCARDS, "cards", deck, filters] as const) : ([...FLASHCARDS, "cards", deck] as const);
export const cardKey = (id: string) => [...FLASHCARDS, "card", id] as const;
export const proposalsKey = (deck: string) => [...FLASHCARDS, "proposals", deck] as const;

export const ifMatch = (thing: { version: number }) => ({ "If-Match": `"${thing.version}"` });
