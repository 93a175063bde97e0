"use client";

import { useTranslations } from "use-intl";
import { Dialog } from "@/components/ui/dialog";

const KEYS = ["Space", "1", "2", "3", "4", "Ctrl+Z", "e", "-", "@", "f", "t", "?"] as const;
const DOES = ["space", "again", "hard", "good", "easy", "undo", "edit", "bury", "suspend", "flag", "type", "help"] as const;

/** What the keys do while reviewing. */
export function ReviewHelp({ onClose }: { onClose: () => void }) {
  const t = useTranslations("flashcards");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("keys")} description={t("keysText")}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {KEYS.map((key, at) => (
          <div key={key} className="contents">
            <dt>
              <kbd className="rounded border border-line-strong bg-sunken px-2 py-0.5 font-mono text-sm">{key}</kbd>
            </dt>
            <dd>{t(`does.${DOES[at]!}`)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
