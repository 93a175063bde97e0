"use client";

import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";

/** To the list of one's own decks, or of the published ones. */
export function BackToDecks({ published }: { published?: boolean }) {
  const t = useTranslations("flashcards");
  const sharing = useTranslations("sharing");
  return (
    <Link
      href={published ? "/flashcards?view=published" : "/flashcards"}
      prefetch={false}
      className="inline-flex min-h-6 items-center gap-1 text-sm text-muted hover:text-ink"
    >
      <ArrowLeft className="size-4" aria-hidden /> {published ? sharing("published") : t("decks")}
    </Link>
  );
}
