"use client";

import { Ellipsis, FileCode, FileText, Presentation, BookOpen } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import type { Document } from "@/features/documents/api/documents";
import { Stage } from "@/features/documents/components/stage";

type Props = {
  document: Document;
  onOpen: () => void;
  onEdit: () => void;
  onDelete: () => void;
  onReprocess: () => void;
};

const ICONS: Record<string, typeof FileText> = {
  "application/epub+zip": BookOpen,
  "text/html": FileCode,
  "text/markdown": FileCode,
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": Presentation,
};

/** A document in the library: its title, which opens it, what it is, and how far it has been read. */
export function DocumentRow({ document, onOpen, onEdit, onDelete, onReprocess }: Props) {
  const t = useTranslations("documents");
  const ui = useTranslations("ui");
  const Icon = ICONS[document.media_type] ?? FileText;
  const moving = document.status === "queued" || document.status === "processing";
  return (
    <div className="flex items-start gap-3 rounded-card border border-line bg-surface py-3 pl-4 pr-2">
      <Icon className="mt-1 size-5 shrink-0 text-muted" aria-hidden />
      <div className="min-w-0 flex-1">
        <button
          type="button"
          onClick={onOpen}
          className="block max-w-full rounded py-0.5 text-left font-medium [overflow-wrap:anywhere]"
        >
          <bdi>{document.title}</bdi>
        </button>
        <Marks document={document} />
        <Stage document={document} />
      </div>
      <Menu
        trigger={
          <Button tone="quiet" size="icon" aria-label={t("moreNamed", { title: document.title })}>
            <Ellipsis aria-hidden />
          </Button>
        }
        choices={[
          { label: ui("edit"), onSelect: onEdit },
          { label: t("readAgain"), onSelect: onReprocess, disabled: moving },
          { label: ui("delete"), onSelect: onDelete, danger: true },
        ]}
      />
    </div>
  );
}

function Marks({ document }: { document: Document }) {
  const t = useTranslations("documents");
  const format = useFormatter();
  return (
    <p className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5 text-sm text-muted">
      {document.subject && (
        <bdi className="rounded-full bg-accent-soft px-2 text-accent-strong [overflow-wrap:anywhere]">{document.subject}</bdi>
      )}
      <bdi className="[overflow-wrap:anywhere]">{document.filename}</bdi>
      {document.page_count !== null && <span>{t("pages", { count: document.page_count })}</span>}
      <time dateTime={document.created_at}>{format.dateTime(new Date(document.created_at), { dateStyle: "medium" })}</time>
    </p>
  );
}
