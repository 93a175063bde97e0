import { useQuery, useQueryClient } from "@tanstack/react-query";
import { BookOpenText, CircleCheckBig, Layers, Plus, type LucideIcon } from "lucide-react";
import { useTranslations } from "use-intl";
import { useDestinations } from "@/components/shell/destinations";
import { tell } from "@/components/ui/notes";
import { answered, api } from "@/lib/api/client";
import { plainText } from "@/lib/card-text";
import { useFaultText } from "@/lib/fault-text";
import { newId } from "@/lib/ids";
import { usePathname, useRouter } from "@/lib/nav";
import { byVisit, recentPlaces } from "@/lib/recent-places";
import { useSettled } from "@/lib/settled";

export type Command = { id: string; icon: LucideIcon; label: string; kind?: string; run: () => void };

const FOUND = 4;
const LEAST = 2;
const TYPING_MS = 120;

/**
 * What can be done with the words in the palette: places, things that are found by them, and a task made of them.
 * `searching` while things may still come in.
 */
export function useCommands(words: string): { commands: Command[]; searching: boolean } {
  const t = useTranslations("shell");
  const router = useRouter();
  const here = usePathname();
  const addTask = useAddTask();
  const { found, searching } = useFound(words);
  const places: Command[] = byVisit(useDestinations(), recentPlaces(), here).map((place) => ({
    id: place.name,
    icon: place.icon,
    label: t(place.name),
    run: () => router.push(place.href),
  }));
  const review = { id: "review", icon: Layers, label: t("reviewCards"), run: () => router.push("/flashcards?mode=review") };
  const sought = words.toLocaleLowerCase();
  const fitting = [...places, review].filter(({ label }) => label.toLocaleLowerCase().includes(sought));
  const add = { id: "add", icon: Plus, label: t("addTask", { title: words }), run: () => void addTask(words) };
  return { commands: [...fitting, ...found, ...(words ? [add] : [])], searching };
}

/** Tasks and documents whose title holds the words, and cards that say them. */
function useFound(words: string): { found: Command[]; searching: boolean } {
  const t = useTranslations("shell");
  const router = useRouter();
  const wanted = words.length >= LEAST;
  const enabled = useSettled(words, TYPING_MS) === words && wanted;
  const query = { q: words, limit: FOUND };
  const tasks = useQuery({
    queryKey: ["tasks", "palette", words],
    enabled,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/tasks", { params: { query }, signal })),
  });
  const documents = useQuery({
    queryKey: ["documents", "palette", words],
    enabled,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/documents", { params: { query }, signal })),
  });
  const cards = useQuery({
    queryKey: ["flashcards", "palette", words],
    enabled,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/cards", { params: { query }, signal })),
  });
  if (!enabled) return { found: [], searching: wanted };
  const entry = (icon: LucideIcon, kind: string, href: string) => (thing: { id: string; title: string }) => ({
    id: thing.id,
    icon,
    kind,
    label: thing.title,
    run: () => router.push(href + thing.id),
  });
  const card = ({ id, deck_id, front }: { id: string; deck_id: string; front: string }) =>
    entry(Layers, t("isCard"), `/flashcards?deck=${deck_id}&card=`)({ id, title: plainText(front) });
  const found = [
    ...(tasks.data?.items ?? []).map(entry(CircleCheckBig, t("isTask"), "/tasks?task=")),
    ...(documents.data?.items ?? []).map(entry(BookOpenText, t("isDocument"), "/documents?doc=")),
    ...(cards.data?.items ?? []).map(card),
  ];
  return { found, searching: tasks.isPending || documents.isPending || cards.isPending };
}

/** Add the task that a line stands for, dates and all. */
function useAddTask(): (line: string) => Promise<void> {
  const t = useTranslations("shell");
  const say = useFaultText();
  const queries = useQueryClient();
  return async (line) => {
    try {
      const body = await answered(api.POST("/api/v1/tasks/parse", { body: { text: line } }));
      const task = await answered(api.POST("/api/v1/tasks", { body, headers: { "Idempotency-Key": newId() } }));
      tell(t("added", { title: task.title }));
      await queries.invalidateQueries({ queryKey: ["tasks"] });
    } catch (error) {
      tell(say(error), { tone: "bad" });
    }
  };
}
