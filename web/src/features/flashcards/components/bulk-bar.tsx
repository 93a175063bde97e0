"use client";

import { CirclePause, CirclePlay, FolderInput, Trash2 } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { tell } from "@/components/ui/notes";
import { useChangeCards, type BulkChange } from "@/features/flashcards/api/change-cards";
import type { Card } from "@/features/flashcards/api/flashcards";
import { useDecks } from "@/features/flashcards/api/list-decks";
import { ConfirmDelete } from "@/features/flashcards/components/confirm";
import { useFaultText } from "@/lib/fault-text";

type Props = { deck: string; loaded: Card[]; picked: Card[]; onPick: (ids: string[], on: boolean) => void };

/** What can be done to the chosen cards at once. */
export function BulkBar({ deck, loaded, picked, onPick }: Props) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const change = useChangeCards();
  const decks = useDecks();
  const [deleting, setDeleting] = useState(false);
  const others = (decks.data?.pages ?? []).flatMap((page) => page.items).filter((one) => one.id !== deck);
  const all = picked.length === loaded.length;

  const run = async (cards: Card[], fields: BulkChange["fields"], told: (count: number) => string, undo?: (changed: Card[]) => void) => {
    const { changed, failed, error } = await change.mutateAsync({ cards, fields });
    onPick(changed.map((card) => card.id), false);
    if (changed.length > 0) tell(told(changed.length), undo && { undo: () => undo(changed) });
    if (failed > 0) tell(t("someFailed", { count: failed, reason: say(error) }), { tone: "bad" });
  };
  const suspend = (cards: Card[], suspended: boolean): Promise<void> =>
    run(cards, { suspended }, (count) => t(suspended ? "suspendedMany" : "resumedMany", { count }), (changed) => void suspend(changed, !suspended));
  const moveTo = (target: string, name: string) =>
    void run(picked, { deck_id: target }, (count) => t("movedMany", { count, name }), (changed) =>
      void run(changed, { deck_id: deck }, (count) => t("movedBack", { count })),
    );

  return (
    <div className="mb-2 flex min-h-11 flex-wrap items-center gap-2 text-sm">
      <label className="flex min-h-11 cursor-pointer items-center gap-3 pl-3 pr-2">
        <input
          type="checkbox"
          className="size-5 accent-accent"
          checked={all}
          ref={(box) => {
            if (box) box.indeterminate = picked.length > 0 && !all;
          }}
          onChange={() => onPick(loaded.map((card) => card.id), !all)}
        />
        {picked.length > 0 ? t("chosen", { count: picked.length }) : t("chooseAll")}
      </label>
      {picked.length > 0 && (
        <div role="group" aria-label={t("withChosen")} className="flex flex-wrap gap-2">
          <Button size="small" busy={change.isPending} onClick={() => void suspend(picked, true)}>
            <CirclePause aria-hidden /> {t("suspend")}
          </Button>
          <Button size="small" busy={change.isPending} onClick={() => void suspend(picked, false)}>
            <CirclePlay aria-hidden /> {t("resume")}
          </Button>
          {others.length > 0 && (
            <Menu
              trigger={
                <Button size="small">
                  <FolderInput aria-hidden /> {t("move")}
                </Button>
              }
              choices={others.map((one) => ({ label: one.name, onSelect: () => moveTo(one.id, one.name) }))}
            />
          )}
          <Button size="small" tone="danger" busy={change.isPending} onClick={() => setDeleting(true)}>
            <Trash2 aria-hidden /> {ui("delete")}
          </Button>
        </div>
      )}
      {deleting && (
        <ConfirmDelete
          title={t("deleteManyTitle", { count: picked.length })}
          text={t("deleteCardText")}
          act={() => run(picked, "delete", (count) => t("deletedMany", { count }))}
          onClose={() => setDeleting(false)}
        />
      )}
    </div>
  );
}
