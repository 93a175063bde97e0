"use client";

import { Toast } from "radix-ui";
import { useTranslations } from "use-intl";
import { X } from "lucide-react";
import { dismiss, useNotes } from "@/components/ui/notes";
import { cn } from "@/lib/cn";

const SHOWN_MS = 6_000;

export function Toaster() {
  const t = useTranslations("ui");
  const notes = useNotes((state) => state.notes);
  return (
    <Toast.Provider duration={SHOWN_MS} label={t("notices")}>
      {notes.map((note) => (
        <Toast.Root
          key={note.id}
          onOpenChange={(open) => !open && dismiss(note.id)}
          type={note.tone === "bad" ? "foreground" : "background"}
          className={cn(
            "flex animate-in items-center gap-3 rounded-card border bg-surface px-4 py-3 text-[0.95rem] shadow-raised",
            note.tone === "bad" ? "border-bad text-bad" : "border-line",
          )}
        >
          <Toast.Description className="flex-1">{note.text}</Toast.Description>
          {note.undo && (
            <Toast.Action asChild altText={t("undo")}>
              <button type="button" className="rounded px-2 py-1 font-semibold text-accent" onClick={note.undo}>
                {t("undo")}
              </button>
            </Toast.Action>
          )}
          <Toast.Close aria-label={t("dismiss")} className="rounded p-1 text-muted hover:text-ink">
            <X className="size-4" aria-hidden />
          </Toast.Close>
        </Toast.Root>
      ))}
      <Toast.Viewport label={`${t("notices")} ({hotkey})`} className="notes fixed inset-x-3 z-[60] mx-auto flex max-w-md flex-col gap-2 outline-none" />
    </Toast.Provider>
  );
}
