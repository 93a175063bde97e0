"use client";

import { Layers } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useCardCounts } from "@/features/today/api/count-cards";
import { Block } from "@/features/today/components/block";

/** The cards of the day, and the way to review them. */
export function DueCards() {
  const t = useTranslations("today");
  const counts = useCardCounts();
  const left = counts.data?.total ?? 0;
  const done = counts.isSuccess && left === 0;
  return (
    <Block title={t("cards")} more={done ? { href: "/flashcards", label: t("toDecks") } : undefined}>
      {counts.isPending && <ListSkeleton rows={1} />}
      {counts.isError && !counts.data && <ErrorState error={counts.error} onRetry={() => void counts.refetch()} />}
      {done && <p className="text-muted">{t("noCards")}</p>}
      {counts.data && left > 0 && (
        <>
          <p className="mb-4 text-muted">{t("cardsLeft", { due: counts.data.due, fresh: counts.data.new })}</p>
          <Button asChild tone="accent" className="mt-auto self-start">
            <Link href="/flashcards?mode=review" prefetch={false}>
              <Layers aria-hidden /> {t("review", { count: left })}
            </Link>
          </Button>
        </>
      )}
    </Block>
  );
}
