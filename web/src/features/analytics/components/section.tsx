"use client";

import { useId, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, Skeleton } from "@/components/ui/states";

type Asked<Data> = { data: Data | undefined; error: Error | null; refetch: () => unknown };

type Props<Data> = {
  title: string;
  action?: ReactNode;
  asked: Asked<Data>;
  /** How high the answer will be, as a class, so that what stands below stays where it is. */
  room?: string;
  children: (data: Data) => ReactNode;
};

/** One question about the past or the future, with its answer once that is there. */
export function Section<Data>({ title, action, asked, room = "h-32", children }: Props<Data>) {
  const ui = useTranslations("ui");
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="min-w-0 rounded-card border border-line bg-surface p-5">
      <div className="mb-4 flex min-h-10 flex-wrap items-center justify-between gap-3">
        <h2 id={heading} className="text-lg font-semibold">
          {title}
        </h2>
        {action}
      </div>
      {asked.data !== undefined ? (
        children(asked.data)
      ) : asked.error ? (
        <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />
      ) : (
        <div role="status">
          <span className="sr-only">{ui("loading")}</span>
          <Skeleton className={room} />
        </div>
      )}
    </section>
  );
}
