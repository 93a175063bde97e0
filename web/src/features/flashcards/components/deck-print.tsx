"use client";

import { Printer } from "lucide-react";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Page } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useDeck } from "@/features/flashcards/api/get-deck";
import { useCards } from "@/features/flashcards/api/list-cards";
import { BackToDecks } from "@/features/flashcards/components/back-to-decks";
import { CardText } from "@/features/flashcards/components/card-text";

/** All cards of a deck on one sheet, for paper. The list of the deck holds only the rows in sight. */
export function DeckPrint({ id }: { id: string }) {
  const t = useTranslations("sharing");
  const flashcards = useTranslations("flashcards");
  const deck = useDeck(id);
  const list = useCards(id, { sort: "created_at" });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const cards = (list.data?.pages ?? []).flatMap((page) => page.items);
  const error = deck.error ?? list.error;
  const again = () => void Promise.all([deck.refetch(), list.refetch()]);
  return (
    <Page
      title={<span className="[overflow-wrap:anywhere]">{deck.data?.name ?? flashcards("heading")}</span>}
      lead={<span className="print:hidden"><BackToDecks /></span>}
      action={
        <Button tone="accent" className="print:hidden" busy={list.isPending || hasNextPage} onClick={() => window.print()}>
          <Printer aria-hidden /> {t("print")}
        </Button>
      }
    >
      {error && !list.data && <ErrorState error={error} onRetry={again} />}
      {list.isPending && <ListSkeleton />}
      {cards.length > 0 && (
        <table className="w-full table-fixed text-left">
          <thead className="text-sm text-muted">
            <tr>
              <th className="py-2 pr-4 font-medium">{flashcards("front")}</th>
              <th className="py-2 font-medium">{flashcards("back")}</th>
            </tr>
          </thead>
          <tbody>
            {cards.map((card) => (
              <tr key={card.id} className="border-t border-line align-top">
                <td className="py-2 pr-4"><CardText text={card.front} /></td>
                <td className="py-2"><CardText text={card.back} /></td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Page>
  );
}
