"use client";

import { ChevronRight } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import type { Citation } from "@/features/tutor/api/tutor";
import { addressOf, usePlace } from "@/features/tutor/components/citation-chip";

/** All citations of an answer with their quotations, for fingers, too, which can't hover. */
export function Sources({ citations }: { citations: Citation[] }) {
  const t = useTranslations("tutor");
  const place = usePlace();
  return (
    <details className="group rounded-lg border border-line bg-surface text-sm">
      <summary className="flex items-center gap-1.5 px-3 py-2 text-muted">
        <ChevronRight className="size-4 transition-transform group-open:rotate-90" aria-hidden />
        {t("cited", { count: citations.length })}
      </summary>
      <ol className="flex flex-col gap-2 border-t border-line px-3 py-2.5">
        {citations.map((citation) => (
          <li key={citation.number} className="flex min-w-0 gap-2">
            <span className="font-semibold text-accent-strong">{citation.number}</span>
            <span className="min-w-0 [overflow-wrap:anywhere]">
              <Link href={addressOf(citation)} prefetch={false} className="font-medium underline underline-offset-2">
                {place(citation)}
              </Link>
              <span className="line-clamp-3 text-muted print:line-clamp-none">{citation.quote}</span>
              {!citation.verified && <span className="text-warn">{t("unverified")}</span>}
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
