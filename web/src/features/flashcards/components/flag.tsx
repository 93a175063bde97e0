"use client";

import { Flag } from "lucide-react";
import { useTranslations } from "use-intl";
import { cn } from "@/lib/cn";

export const NO_FLAG = 0;
/** The flags of a card, 1 to 7 as elsewhere: red, orange, green, blue, pink, turquoise, purple. */
export const FLAGS = [1, 2, 3, 4, 5, 6, 7] as const;

const COLOURS: Record<number, string> = {
  1: "text-red-600 dark:text-red-400",
  2: "text-orange-600 dark:text-orange-400",
  3: "text-green-700 dark:text-green-400",
  4: "text-blue-600 dark:text-blue-400",
  5: "text-pink-600 dark:text-pink-400",
  6: "text-teal-600 dark:text-teal-400",
  7: "text-purple-600 dark:text-purple-400",
};

/** A card's flag with its name for those who don't see it; nothing for none. */
export function FlagMark({ flag, bare, className }: { flag: number; /** Its name stands beside it. */ bare?: boolean; className?: string }) {
  const t = useTranslations("flashcards");
  if (flag === NO_FLAG) return null;
  return (
    <span className={cn("inline-flex", COLOURS[flag], className)}>
      <Flag className="size-4 fill-current" aria-hidden />
      {!bare && <span className="sr-only">{t("flagged", { colour: t(`flags.${flag as 1}`) })}</span>}
    </span>
  );
}
