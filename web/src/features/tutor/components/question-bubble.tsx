"use client";

import { Pencil } from "lucide-react";
import { useTranslations } from "use-intl";

/** What the student asked, word for word, and a way to ask it in other words. */
export function QuestionBubble({ text, onEdit }: { text: string; onEdit: () => void }) {
  const t = useTranslations("tutor");
  return (
    <div className="group ml-auto flex max-w-[85%] items-end gap-1">
      <button type="button" aria-label={t("editQuestion")} title={t("editQuestion")} onClick={onEdit} className="grid size-8 shrink-0 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink print:hidden">
        <Pencil className="size-4" aria-hidden />
      </button>
      <div className="min-w-0 whitespace-pre-wrap rounded-card rounded-br-sm bg-accent-soft px-4 py-2.5 [overflow-wrap:anywhere]">
        <h2 className="sr-only">{t("you")}</h2>
        {text}
      </div>
    </div>
  );
}
