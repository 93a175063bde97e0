"use client";

import { ArrowLeft, Ellipsis, Pencil, Undo2 } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";

type Choice = { label: string; onSelect: () => void };

/** `onUndo` and `onEdit` are null while there is nothing to take back or to edit; `choices` is what else can be done. */
type Props = { title: string; back: string; onUndo: (() => void) | null; onEdit: (() => void) | null; choices: Choice[] };

/** What stands above a card under review. */
export function ReviewHeader({ title, back, onUndo, onEdit, choices }: Props) {
  const t = useTranslations("flashcards");
  return (
    <header className="flex items-center gap-1">
      <Button asChild tone="quiet" size="icon" className="-ml-2 size-11">
        <Link href={back} prefetch={false} aria-label={t("endReview")}>
          <ArrowLeft aria-hidden />
        </Link>
      </Button>
      <h1 className="min-w-0 flex-1 truncate font-semibold">{title}</h1>
      <Button tone="quiet" size="icon" className="size-11" onClick={onUndo ?? undefined} disabled={!onUndo} aria-label={t("undoReview")} title={t("undoReviewKey")}>
        <Undo2 aria-hidden />
      </Button>
      <Button tone="quiet" size="icon" className="size-11" onClick={onEdit ?? undefined} disabled={!onEdit} aria-label={t("editCard")} title={t("editCardKey")}>
        <Pencil aria-hidden />
      </Button>
      <Menu
        trigger={
          <Button tone="quiet" size="icon" className="size-11" aria-label={t("moreToDo")}>
            <Ellipsis aria-hidden />
          </Button>
        }
        choices={choices}
      />
    </header>
  );
}
