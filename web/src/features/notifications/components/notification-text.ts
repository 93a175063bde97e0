import { useTranslations } from "use-intl";
import type { Notification } from "@/features/notifications/api/notifications";

/** What `data` holds goes by kind; a newer server may leave out or add things. */
type Told = {
  count?: number;
  overdue?: number;
  minutes?: number;
  reviews?: number;
  tasks_done?: number;
  streak?: number;
  title?: string;
  error?: string;
  front?: string;
  deck_id?: string;
  card_id?: string;
  tasks?: { id: string; title: string }[];
};

/** Where a notification leads. */
export function placeOf({ kind, subject_id, data }: Notification): string {
  const told = data as Told;
  switch (kind) {
    case "task_due":
      return told.tasks?.length === 1 ? `/tasks?task=${told.tasks[0]!.id}` : "/tasks";
    case "reviews_due":
      return "/flashcards?mode=review";
    case "weekly_digest":
      return "/analytics";
    case "document_ready":
      return `/documents?doc=${subject_id}`;
    case "document_failed":
      return "/documents";
    case "leech":
      return told.deck_id ? `/flashcards?deck=${told.deck_id}&card=${told.card_id}` : "/flashcards";
    default:
      return "/today";
  }
}

/** A notification in words, and what else is worth knowing about it. */
export function useNotificationText(): (notification: Notification) => { title: string; detail?: string } {
  const t = useTranslations("notifications");
  const documents = useTranslations("documents");
  return ({ kind, data }) => {
    const told = data as Told;
    if (!t.has(`told.${kind}`)) return { title: t("other") };
    const values = {
      count: told.count ?? 0,
      minutes: told.minutes ?? 0,
      reviews: told.reviews ?? 0,
      done: told.tasks_done ?? 0,
      title: told.title ?? "",
      front: told.front ?? "",
    };
    return { title: t(`told.${kind}`, values), detail: detailOf(told) };
  };

  function detailOf(told: Told): string | undefined {
    const reason = `reasons.${told.error}`;
    if (told.error) return documents.has(reason) ? documents(reason) : undefined;
    const titles = told.tasks?.map((task) => task.title).join(", ");
    const late = told.overdue ? t("overdue", { count: told.overdue }) : undefined;
    return [titles, late].filter(Boolean).join(" · ") || undefined;
  }
}
