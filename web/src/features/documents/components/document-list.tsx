"use client";

import { BookOpenText } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { isUnderWay, type Document, type Filters } from "@/features/documents/api/documents";
import { useDocuments } from "@/features/documents/api/list";
import { useReprocess } from "@/features/documents/api/reprocess";
import { DeleteDialog } from "@/features/documents/components/delete-dialog";
import { DocumentRow } from "@/features/documents/components/document-row";
import { UploadButton } from "@/features/documents/components/drop-zone";
import { EditDialog } from "@/features/documents/components/edit-dialog";
import { useFaultText } from "@/lib/fault-text";

type Asked = { what: "edit" | "delete"; document: Document } | null;

/** The library. */
export function DocumentList({ filters, onOpen }: { filters: Filters; onOpen: (id: string) => void }) {
  const t = useTranslations("documents");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const list = useDocuments(filters);
  const reprocess = useReprocess();
  const [asked, setAsked] = useState<Asked>(null);
  const documents = (list.data?.pages ?? []).flatMap((page) => page.items);

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (documents.length === 0) return <NoDocuments filtered={filters.subject !== undefined} />;
  return (
    <>
      <p role="status" className="sr-only">
        {t("underWay", { count: documents.filter(isUnderWay).length })}
      </p>
      <ul aria-label={t("heading")} className="flex flex-col gap-2">
        {documents.map((document) => (
          <li key={document.id}>
            <DocumentRow
              document={document}
              onOpen={() => onOpen(document.id)}
              onEdit={() => setAsked({ what: "edit", document })}
              onDelete={() => setAsked({ what: "delete", document })}
              onReprocess={() => reprocess.mutate(document, { onError: (error) => tell(say(error), { tone: "bad" }) })}
            />
          </li>
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="mx-auto mt-4 flex" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
      {asked?.what === "edit" && <EditDialog document={asked.document} onClose={() => setAsked(null)} />}
      {asked?.what === "delete" && <DeleteDialog document={asked.document} onClose={() => setAsked(null)} />}
    </>
  );
}

function NoDocuments({ filtered }: { filtered: boolean }) {
  const t = useTranslations("documents");
  if (filtered) {
    return (
      <EmptyState icon={BookOpenText} title={t("noneTitle")}>
        {t("noneText")}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={BookOpenText} title={t("emptyTitle")} action={<UploadButton />}>
      {t("emptyText")}
    </EmptyState>
  );
}
