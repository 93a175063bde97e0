"use client";

import { BookOpenText } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Source } from "@/features/flashcards/api/flashcards";

/** Where a card comes from; it leads there as long as the document exists. */
export function SourceLink({ source }: { source: Source }) {
  const t = useTranslations("flashcards");
  const title = source.title ?? t("aDocument");
  const { locator } = source;
  const text = locator ? t("sourceAt", { title, unit: locator.unit, number: locator.number }) : title;
  const look = "inline-flex min-h-6 max-w-full items-center gap-1.5 text-sm [overflow-wrap:anywhere]";
  const icon = <BookOpenText className="size-4 shrink-0" aria-hidden />;
  if (!source.document_id) {
    return (
      <span className={`${look} text-muted`}>
        {icon} {text}
      </span>
    );
  }
  const query = new URLSearchParams({ doc: source.document_id });
  if (locator) query.set("page", String(locator.number));
  if (source.chunk_id) query.set("chunk", source.chunk_id);
  return (
    <Link href={`/documents?${query}`} prefetch={false} className={`${look} text-accent underline-offset-2 hover:underline`}>
      {icon} {text}
    </Link>
  );
}
