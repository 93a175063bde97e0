"use client";

import { X } from "lucide-react";
import { Dialog as Radix } from "radix-ui";
import { useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  /** `sheet` comes in from the side and is meant for the details of something in a list. */
  shape?: "dialog" | "sheet";
  /** Nothing inside takes the focus: then the text itself does, so that keys can scroll it. */
  isText?: boolean;
  className?: string;
  children: ReactNode;
};

/** To the first field, since that is what the dialog is about; not where a keyboard on the screen would cover it. */
function focusInside(event: Event): void {
  event.preventDefault();
  const dialog = event.currentTarget as HTMLElement;
  const field = dialog.querySelector<HTMLElement>("[data-body] :is(input, textarea, select), [data-body][tabindex]");
  (field && matchMedia("(pointer: fine)").matches ? field : dialog).focus();
}

/** A modal dialog or a sheet: focus goes in and back, Escape closes, the title is read out. */
export default function DialogBox({ open, onOpenChange, ...box }: DialogProps) {
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      <Radix.Portal>
        <Radix.Overlay className="fixed inset-0 z-40 bg-black/40 backdrop-blur-[1px]" />
        <Box {...box} />
      </Radix.Portal>
    </Radix.Root>
  );
}

type BoxProps = Omit<DialogProps, "open" | "onOpenChange">;

function Box({ title, description, shape = "dialog", isText, className, children }: BoxProps) {
  const t = useTranslations("ui");
  // Rendered anew by each opening, before anything inside takes the focus. Radix knows the way back to its own triggers
  // alone, and ours are plain buttons.
  const [opener] = useState(() => document.activeElement as HTMLElement | null);
  const giveBack = (event: Event) => {
    event.preventDefault();
    // Whoever is quick has gone on to another field by now, and stays there.
    if (document.activeElement === document.body) opener?.focus({ preventScroll: true });
  };
  return (
    <Radix.Content
      {...(description ? {} : { "aria-describedby": undefined })}
      onOpenAutoFocus={focusInside}
      onCloseAutoFocus={giveBack}
      className={cn(
        "fixed z-50 flex flex-col border border-line bg-surface shadow-raised outline-none",
        shape === "dialog" && "inset-x-3 top-[8dvh] mx-auto max-h-[84dvh] max-w-lg animate-in rounded-card sm:inset-x-6",
        shape === "sheet" && "inset-y-0 right-0 w-full max-w-xl animate-sheet border-y-0 border-r-0",
        className,
      )}
    >
      <header className="flex items-start gap-3 border-b border-line px-5 py-4">
        <div className="min-w-0 flex-1">
          <Radix.Title className="text-lg font-semibold">{title}</Radix.Title>
          {description && <Radix.Description className="mt-0.5 text-sm text-muted">{description}</Radix.Description>}
        </div>
        <Radix.Close asChild>
          <Button tone="quiet" size="icon" aria-label={t("close")} className="-mr-2 -mt-1">
            <X aria-hidden />
          </Button>
        </Radix.Close>
      </header>
      <div data-body tabIndex={isText ? 0 : undefined} className="min-h-0 flex-1 overflow-y-auto px-5 py-4">
        {children}
      </div>
    </Radix.Content>
  );
}
