"use client";

import dynamic from "next/dynamic";
import { ListSkeleton } from "@/components/ui/states";
import { DeckList } from "@/features/flashcards/components/deck-list";
import { useParam } from "@/lib/nav";

const DeckView = dynamic(() => import("@/features/flashcards/components/deck-view").then((module) => module.DeckView), {
  loading: () => <Waiting />,
});
const Review = dynamic(() => import("@/features/flashcards/components/review").then((module) => module.Review), {
  loading: () => <Waiting />,
});

const PublishedDecks = dynamic(
  () => import("@/features/flashcards/components/published-decks").then((module) => module.PublishedDecks),
  { loading: () => <Waiting /> },
);
const PublishedDeck = dynamic(
  () => import("@/features/flashcards/components/published-deck").then((module) => module.PublishedDeck),
  { loading: () => <Waiting /> },
);

const DeckPrint = dynamic(() => import("@/features/flashcards/components/deck-print").then((module) => module.DeckPrint), {
  loading: () => <Waiting />,
});

/** All decks, one of them, those that others show, or the cards of today: what the address says. */
export function Flashcards() {
  const [deck] = useParam("deck");
  const [mode] = useParam("mode");
  const [published] = useParam("published");
  const [view] = useParam("view");
  if (mode === "review") return <Review key={deck ?? ""} deck={deck} />;
  if (deck && view === "print") return <DeckPrint key={deck} id={deck} />;
  if (deck) return <DeckView key={deck} id={deck} />;
  if (published) return <PublishedDeck key={published} id={published} />;
  if (view === "published") return <PublishedDecks />;
  return <DeckList />;
}

function Waiting() {
  return (
    <div className="mx-auto w-full max-w-3xl px-4 py-9 sm:px-8">
      <ListSkeleton />
    </div>
  );
}
