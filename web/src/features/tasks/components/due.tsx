"use client";

import { CalendarClock } from "lucide-react";
import { useFormatter, useNow } from "use-intl";
import { cn } from "@/lib/cn";

/** When something is due, in the words of the person's day; red once that is past. */
export function Due({ at, done }: { at: string; done?: boolean }) {
  const format = useFormatter();
  const now = useNow({ updateInterval: 60_000 });
  const due = new Date(at);
  const late = !done && due < now;
  const year = due.getFullYear() === now.getFullYear() ? undefined : "numeric";
  const text = format.dateTime(due, { weekday: "short", day: "numeric", month: "short", year, hour: "numeric", minute: "2-digit" });
  return (
    <time dateTime={at} title={format.relativeTime(due, now)} className={cn("inline-flex items-center gap-1", late && "font-medium text-bad")}>
      <CalendarClock className="size-3.5" aria-hidden />
      {text}
    </time>
  );
}
