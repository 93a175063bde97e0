"use client";

import { ArrowLeft, FileX } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import type { Document } from "@/features/documents/api/documents";
import { useDocument } from "@/features/documents/api/get";
import { PageView } from "@/features/documents/components/page-view";
import { ReaderAside } from "@/features/documents/components/reader-aside";
import { Stage } from "@/features/documents/components/stage";
import { ApiProblem } from "@/lib/api/problem";
import { useKeys } from "@/lib/keys";
import { useChangeParams } from "@/lib/nav";

/** A document to read, page by page. */
export function Reader({ id }: { id: string }) {
  const t = useTranslations("documents");
  const document = useDocument(id);
  const change = useChangeParams();
  const close = () => change({ doc: null, page: null, chunk: null });
  useKeys({ Escape: close });
  return (
    <div className="mx-auto w-full max-w-6xl px-4 py-4 sm:px-8 sm:py-6">
      <Button tone="quiet" className="-ml-3 mb-2 text-muted" onClick={close}>
        <ArrowLeft aria-hidden /> {t("back")}
      </Button>
      {document.isPending && <ListSkeleton rows={5} />}
      {document.isError && !document.data && <NoDocument error={document.error} onRetry={() => void document.refetch()} />}
      {document.data && <Open document={document.data} />}
    </div>
  );
}

function NoDocument({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("documents");
  if (!(error instanceof ApiProblem) || error.status !== 404) return <ErrorState error={error} onRetry={onRetry} />;
  return (
    <EmptyState icon={FileX} title={t("goneTitle")}>
      {t("goneText")}
    </EmptyState>
  );
}

function Open({ document }: { document: Document }) {
  const t = useTranslations("documents");
  const empty = document.status === "ready" && !document.page_count;
  return (
    <>
      <h1 dir="auto" className="text-[1.7rem] font-semibold leading-tight [overflow-wrap:anywhere]">
        {document.title}
      </h1>
      <Stage document={document} />
      <div className="mt-4 grid gap-x-10 gap-y-6 lg:grid-cols-[minmax(0,1fr)_18rem]">
        {document.page_count ? <PageView document={document} pages={document.page_count} /> : <p>{empty && t("noText")}</p>}
        <ReaderAside document={document} />
      </div>
    </>
  );
}
