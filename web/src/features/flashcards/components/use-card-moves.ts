import { useTranslations } from "use-intl";
import { tell } from "@/components/ui/notes";
import { useEditCard } from "@/features/flashcards/api/edit-card";
import type { Card, CardFields } from "@/features/flashcards/api/flashcards";
import { useFaultText } from "@/lib/fault-text";

/** What can be done to the card under review beside grading it; each but the flag can be taken back. */
export function useCardMoves(changed: (id: string, card: Card) => void) {
  const t = useTranslations("flashcards");
  const say = useFaultText();
  const edit = useEditCard();

  const change = (card: Card, fields: CardFields, onDone?: (kept: Card) => void) =>
    edit.mutate(
      { card, fields },
      {
        onSuccess: (kept) => {
          changed(card.id, kept);
          onDone?.(kept);
        },
        onError: (error) => tell(say(error), { tone: "bad" }),
      },
    );

  return {
    suspend: (card: Card) =>
      change(card, { suspended: true }, (kept) => tell(t("suspendedOne"), { undo: () => change(kept, { suspended: false }) })),
    bury: (card: Card) => change(card, { buried: true }, (kept) => tell(t("buriedOne"), { undo: () => change(kept, { buried: false }) })),
    flag: (card: Card, flag: number) => change(card, { flag }),
  };
}
