"use client";

import { CloudOff, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { cn } from "@/lib/cn";
import { useFaultText } from "@/lib/fault-text";

/** A grey shape where something will stand in a moment. */
export function Skeleton({ className }: { className?: string }) {
  return <div aria-hidden className={cn("animate-pulse rounded-lg bg-line/70", className)} />;
}

/** A list that is on its way, told once to those who listen. */
export function ListSkeleton({ rows = 4 }: { rows?: number }) {
  const t = useTranslations("ui");
  return (
    <div role="status" className="flex flex-col gap-2.5">
      <span className="sr-only">{t("loading")}</span>
      {Array.from({ length: rows }, (_, row) => (
        <Skeleton key={row} className="h-16" />
      ))}
    </div>
  );
}

/** Nothing here yet, and the one thing to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-center gap-3 rounded-card border border-dashed border-line px-6 py-12 text-center">
      <span className="rounded-full bg-accent-soft p-3 text-accent">
        <Icon className="size-6" aria-hidden />
      </span>
      <h2 className="text-lg font-semibold">{title}</h2>
      {children && <p className="max-w-prose text-muted">{children}</p>}
      {action}
    </div>
  );
}

/** Something could not be had: what happened, and another try. */
export function ErrorState({ error, onRetry }: { error: Error; onRetry: () => void }) {
  const t = useTranslations("ui");
  const say = useFaultText();
  return (
    <div role="alert" className="flex flex-col items-center gap-3 rounded-card border border-line bg-surface px-6 py-10 text-center">
      <CloudOff className="size-6 text-bad" aria-hidden />
      <p className="max-w-prose">{say(error)}</p>
      <Button onClick={onRetry}>{t("retry")}</Button>
    </div>
  );
}
