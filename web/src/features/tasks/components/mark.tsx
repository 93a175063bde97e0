"use client";

import { X, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import type { DraftPart } from "@/features/tasks/api/tasks";
import { cn } from "@/lib/cn";

type Props = { part: DraftPart; icon?: LucideIcon; tone?: string; onRemove?: ((part: DraftPart) => void) | undefined; children: ReactNode };

/** One piece of the small print; `onRemove` where it was read out of a line and may have been meant as words. */
export function Mark({ part, icon: Icon, tone, onRemove, children }: Props) {
  const t = useTranslations("tasks");
  return (
    <span className={cn("inline-flex items-center gap-1", tone)}>
      {Icon && <Icon className="size-3.5" aria-hidden />}
      {children}
      {onRemove && (
        <button
          type="button"
          aria-label={t(`asWords.${part}`)}
          title={t(`asWords.${part}`)}
          onClick={() => onRemove(part)}
          className="grid size-6 place-items-center rounded-full text-muted hover:bg-sunken hover:text-ink"
        >
          <X className="size-3.5" aria-hidden />
        </button>
      )}
    </span>
  );
}
