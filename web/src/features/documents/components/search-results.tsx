"use client";

import { SearchX } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import type { Passage } from "@/features/documents/api/documents";
import { useSearch } from "@/features/documents/api/search";
import { markWords } from "@/features/documents/components/words";
import { usePlace } from "@/features/documents/components/place";

/** What one's documents say about the words, each passage leading to its page. */
export function SearchResults({ query, subject }: { query: string; subject?: string }) {
  const t = useTranslations("documents");
  const search = useSearch(query, subject);
  if (search.isPending) return <ListSkeleton />;
  if (search.isError && !search.data) return <ErrorState error={search.error} onRetry={() => void search.refetch()} />;
  if (search.data.length === 0) {
    return (
      <EmptyState icon={SearchX} title={t("nothingTitle")}>
        {t("nothingText")}
      </EmptyState>
    );
  }
  return (
    <>
      <p role="status" className="mb-3 text-sm text-muted">
        {t("found", { count: search.data.length })}
      </p>
      <ol aria-label={t("results")} className="flex flex-col gap-2">
        {search.data.map((passage) => (
          <li key={passage.chunk_id}>
            <Result passage={passage} query={query} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Result({ passage, query }: { passage: Passage; query: string }) {
  const place = usePlace();
  const { document_id, chunk_id, locator } = passage;
  const where = new URLSearchParams({ q: query, doc: document_id, page: `${locator.number}`, chunk: chunk_id });
  return (
    <Link
      href={`/documents?${where}`}
      prefetch={false}
      scroll={false}
      className="block rounded-card border border-line bg-surface px-4 py-3 transition-colors hover:border-accent"
    >
      <p className="flex flex-wrap gap-x-3 text-sm text-muted">
        <bdi className="font-medium text-accent-strong [overflow-wrap:anywhere]">{passage.filename}</bdi>
        <span>{place(locator)}</span>
      </p>
      <p dir="auto" className="mt-1 line-clamp-5 whitespace-pre-line [overflow-wrap:anywhere]">
        {markWords(passage.text, query).map((piece, number) =>
          piece.marked ? (
            <mark key={number} className="rounded-sm bg-mark text-ink">
              {piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </p>
    </Link>
  );
}
