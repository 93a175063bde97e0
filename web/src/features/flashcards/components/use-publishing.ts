import { useTranslations } from "use-intl";
import { tell } from "@/components/ui/notes";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { usePublishDeck } from "@/features/flashcards/api/published";
import { useSession } from "@/lib/auth/session";
import { useFaultText } from "@/lib/fault-text";

/** Show a deck to everybody or take it back; null for those who may not. */
export function usePublishing(): ((deck: Deck) => void) | null {
  const t = useTranslations("sharing");
  const say = useFaultText();
  const change = usePublishDeck();
  const may = useSession((session) => session.user?.roles.some((role) => role === "teacher" || role === "admin"));
  if (!may) return null;
  return (deck) =>
    change.mutate(deck, {
      onSuccess: () => tell(t(deck.published_at ? "takenBack" : "nowPublished", { name: deck.name })),
      onError: (error) => tell(say(error), { tone: "bad" }),
    });
}
