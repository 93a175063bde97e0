"use client";

import { MessageCircleQuestion } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useRecentDocuments } from "@/features/today/api/list-documents";
import type { Document } from "@/features/today/api/today";
import { Block } from "@/features/today/components/block";

/** The newest documents: how far their reading is, and the way to ask about them. */
export function RecentDocuments() {
  const t = useTranslations("today");
  const documents = useRecentDocuments();
  const items = documents.data?.items ?? [];
  if (documents.isSuccess && items.length === 0) return null;
  return (
    <Block title={t("documents")} more={{ href: "/documents", label: t("allDocuments") }}>
      {documents.isPending && <ListSkeleton rows={2} />}
      {documents.isError && !documents.data && <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />}
      <ul className="flex flex-col gap-1">
        {items.map((document) => (
          <RecentDocument key={document.id} document={document} />
        ))}
      </ul>
    </Block>
  );
}

function RecentDocument({ document }: { document: Document }) {
  const t = useTranslations("today");
  const { id, title, status, progress } = document;
  return (
    <li className="flex min-h-11 items-center gap-3">
      <div className="min-w-0 flex-1">
        <Link href={`/documents?doc=${id}`} prefetch={false} className="rounded [overflow-wrap:anywhere] hover:underline">
          {title}
        </Link>
        {(status === "queued" || status === "processing") && (
          <Progress value={progress} label={t("reading", { title })} className="mt-1.5 max-w-60" />
        )}
        {status === "failed" && <p className="text-sm text-bad">{t("failed")}</p>}
      </div>
      {status === "ready" && (
        <Button asChild tone="quiet" size="small" className="text-accent">
          <Link href={`/ai-tutor?doc=${id}`} prefetch={false} aria-label={t("askNamed", { title })}>
            <MessageCircleQuestion aria-hidden /> {t("ask")}
          </Link>
        </Button>
      )}
    </li>
  );
}
