import { BookOpenText, ChartNoAxesColumn, CircleCheckBig, Layers, MessagesSquare, Settings, Sun, Timer } from "lucide-react";

/** The places of the application, in the order of a day; `key` leads there after `g`. */
export const DESTINATIONS = [
  { name: "today", href: "/today", icon: Sun, key: "h" },
  { name: "tasks", href: "/tasks", icon: CircleCheckBig, key: "t" },
  { name: "documents", href: "/documents", icon: BookOpenText, key: "d" },
  { name: "tutor", href: "/ai-tutor", icon: MessagesSquare, key: "a" },
  { name: "flashcards", href: "/flashcards", icon: Layers, key: "f" },
  { name: "study", href: "/study-sessions", icon: Timer, key: "s" },
  { name: "analytics", href: "/analytics", icon: ChartNoAxesColumn, key: "p" },
  { name: "settings", href: "/settings", icon: Settings, key: "e" },
] as const;

export type Destination = (typeof DESTINATIONS)[number];
