"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { FLAGS, FlagMark, NO_FLAG } from "@/features/flashcards/components/flag";
import { useKeys } from "@/lib/keys";

const CHOICES = [...FLAGS, NO_FLAG];

/** Which flag a card is to have: by a press, or by its digit. */
export function FlagDialog({ flag, onChoose, onClose }: { flag: number; onChoose: (flag: number) => void; onClose: () => void }) {
  const t = useTranslations("flashcards");
  const choose = (choice: number) => {
    onClose();
    onChoose(choice);
  };
  useKeys(Object.fromEntries(CHOICES.map((choice) => [String(choice), () => choose(choice)])), { inDialog: true });
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("flagTitle")} description={t("flagText")}>
      <ul className="grid gap-2 sm:grid-cols-2">
        {CHOICES.map((choice) => (
          <li key={choice}>
            <Button className="h-11 w-full justify-start" aria-pressed={choice === flag} onClick={() => choose(choice)}>
              <kbd className="w-5 font-mono text-sm text-muted">{choice}</kbd>
              <FlagMark flag={choice} bare /> {t(`flags.${choice as 0}`)}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
