import { useFormatter, useTranslations } from "use-intl";
import { tell } from "@/components/ui/notes";
import { useMoveTask } from "@/features/tasks/api/move";
import type { Task } from "@/features/tasks/api/tasks";
import { useFaultText } from "@/lib/fault-text";

/** The name of a day, such as "Wednesday 3 February". */
export function useDayName(): (date: string) => string {
  const format = useFormatter();
  return (date) => format.dateTime(new Date(`${date}T12:00:00Z`), { weekday: "long", day: "numeric", month: "long", timeZone: "UTC" });
}

/** Moves a task to an instant, and tells in passing where it went, with a way back, or why it could not go. */
export function useMover(): (task: Task, due: string, date: string) => Promise<void> {
  const t = useTranslations("week");
  const say = useFaultText();
  const nameOf = useDayName();
  const move = useMoveTask();
  const refuse = (error: unknown) => tell(say(error), { tone: "bad" });
  return async (task, due, date) => {
    const before = task.due_at!;
    try {
      const moved = await move.mutateAsync({ task, due_at: due });
      const undo = () => void move.mutateAsync({ task: moved, due_at: before }).catch(refuse);
      tell(t("moved", { title: task.title, day: nameOf(date) }), { undo });
    } catch (error) {
      refuse(error);
    }
  };
}
