"use client";

import { Copy } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { tell } from "@/components/ui/notes";
import { Page } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useCopyDeck, usePublishedDeck } from "@/features/flashcards/api/published";
import { BackToDecks } from "@/features/flashcards/components/back-to-decks";
import { CardText } from "@/features/flashcards/components/card-text";
import { useFaultText } from "@/lib/fault-text";
import { useRouter } from "@/lib/nav";

/** A deck that somebody shows: its cards to read, and a copy to learn them. */
export function PublishedDeck({ id }: { id: string }) {
  const t = useTranslations("sharing");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const router = useRouter();
  const read = usePublishedDeck(id);
  const copy = useCopyDeck();
  const deck = read.data?.pages[0];
  const cards = (read.data?.pages ?? []).flatMap((page) => page.cards.items);
  const take = () =>
    copy.mutate(id, {
      onSuccess: (mine) => {
        tell(t("copied", { name: mine.name }));
        router.push(`/flashcards?deck=${mine.id}`);
      },
      onError: (error) => tell(say(error), { tone: "bad" }),
    });
  if (!deck) {
    return (
      <Page title={t("published")} lead={<BackToDecks published />}>
        {read.isError ? <ErrorState error={read.error} onRetry={() => void read.refetch()} /> : <ListSkeleton />}
      </Page>
    );
  }
  return (
    <Page
      title={<span className="[overflow-wrap:anywhere]">{deck.name}</span>}
      lead={
        <span className="flex flex-col gap-1">
          <BackToDecks published />
          {deck.description && <span className="whitespace-pre-wrap [overflow-wrap:anywhere]">{deck.description}</span>}
          <span className="text-sm">{t(deck.mine ? "mine" : "by", { count: deck.card_count, teacher: deck.teacher })}</span>
        </span>
      }
      action={
        <Button tone="accent" busy={copy.isPending} onClick={take}>
          <Copy aria-hidden /> {t("copy")}
        </Button>
      }
    >
      <ul aria-label={t("cards")} className="flex flex-col gap-2">
        {cards.map((card, number) => (
          <li key={number} className="rounded-card border border-line bg-surface px-4 py-3 sm:px-5">
            <CardText text={card.front} className="font-medium" />
            <CardText text={card.back} className="text-muted" />
          </li>
        ))}
      </ul>
      {read.hasNextPage && (
        <Button className="mt-4" busy={read.isFetchingNextPage} onClick={() => void read.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </Page>
  );
}
