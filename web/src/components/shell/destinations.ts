import { BookOpenText, ChartNoAxesColumn, CircleCheckBig, Layers, MessagesSquare, Settings, ShieldUser, Sun, Timer } from "lucide-react";
import { useSession } from "@/lib/auth/session";

/** The places of the application, in the order of a day; `key` leads there after `g`. */
const EVERYBODYS = [
  { name: "today", href: "/today", icon: Sun, key: "h" },
  { name: "tasks", href: "/tasks", icon: CircleCheckBig, key: "t" },
  { name: "documents", href: "/documents", icon: BookOpenText, key: "d" },
  { name: "tutor", href: "/ai-tutor", icon: MessagesSquare, key: "a" },
  { name: "flashcards", href: "/flashcards", icon: Layers, key: "f" },
  { name: "study", href: "/study-sessions", icon: Timer, key: "s" },
  { name: "analytics", href: "/analytics", icon: ChartNoAxesColumn, key: "p" },
  { name: "settings", href: "/settings", icon: Settings, key: "e" },
] as const;

const ADMINISTRATION = { name: "administration", href: "/administration", icon: ShieldUser, key: "m" } as const;
const ADMINISTRATORS = [...EVERYBODYS.slice(0, -1), ADMINISTRATION, ...EVERYBODYS.slice(-1)];

export type Destination = (typeof ADMINISTRATORS)[number];

/** The places of whoever is logged in; the server decides by itself who gets what there. */
export function useDestinations(): readonly Destination[] {
  return useSession((session) => session.user?.roles.includes("admin")) ? ADMINISTRATORS : EVERYBODYS;
}
