import { useNow } from "use-intl";
import type { Card } from "@/features/flashcards/api/flashcards";
import { useSession } from "@/lib/auth/session";
import { studyDay } from "@/lib/study-day";

/** Whether a card is put off beyond the present study day of the person. */
export function useIsBuried({ buried_until }: Pick<Card, "buried_until">): boolean {
  const user = useSession((session) => session.user);
  const now = useNow();
  return Boolean(user && buried_until && buried_until > studyDay(now, user.time_zone, user.day_starts_at).date);
}
