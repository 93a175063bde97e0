"use client";

import { Tooltip } from "radix-ui";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Citation } from "@/features/tutor/api/tutor";

export function addressOf(citation: Citation): string {
  const query = new URLSearchParams({
    doc: citation.document_id,
    page: String(citation.locator.number),
    chunk: citation.chunk_id,
  });
  return `/documents?${query}`;
}

/** Where a citation stands, in words: file and page. */
export function usePlace(): (citation: Citation) => string {
  const t = useTranslations("tutor");
  return ({ filename, locator }) => t("place", { file: filename, unit: t(`units.${locator.unit}`), number: locator.number });
}

/** `[n]` of an answer: leads to the page; the quotation shows under the pointer and at focus. */
export function CitationChip({ citation }: { citation: Citation }) {
  const t = useTranslations("tutor");
  const place = usePlace()(citation);
  return (
    <Tooltip.Provider delayDuration={150}>
      <Tooltip.Root>
        <Tooltip.Trigger asChild>
          <Link
            href={addressOf(citation)}
            prefetch={false}
            aria-label={t("citation", { number: citation.number, place })}
            className="mx-0.5 inline-grid h-6 min-w-6 place-items-center rounded-md bg-accent-soft px-1 align-middle text-xs font-semibold text-accent-strong hover:bg-accent hover:text-accent-ink"
          >
            {citation.number}
          </Link>
        </Tooltip.Trigger>
        <Tooltip.Portal>
          <Tooltip.Content sideOffset={6} collisionPadding={12} className="z-50 max-w-sm animate-in rounded-lg border border-line bg-surface px-3.5 py-2.5 text-sm shadow-raised">
            <span className="mb-1 block font-medium [overflow-wrap:anywhere]">{place}</span>
            <span className="line-clamp-6 text-muted">{citation.quote}</span>
          </Tooltip.Content>
        </Tooltip.Portal>
      </Tooltip.Root>
    </Tooltip.Provider>
  );
}
