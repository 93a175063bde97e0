"use client";

import { useFormatter, useNow, useTranslations } from "use-intl";
import { Card } from "@/components/ui/page";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useQueueHealth } from "@/features/administration/api/get-queue";
import type { components } from "@/lib/api/schema";
import { cn } from "@/lib/cn";

type Kind = components["schemas"]["JobQueueOut"];

/** What waits for a worker, what is worked on, and what failed. */
export function Queue() {
  const t = useTranslations("administration");
  const queue = useQueueHealth();
  return (
    <Card>
      <h2 className="text-lg font-semibold">{t("queue")}</h2>
      <p className="mb-4 text-[0.95rem] text-muted">{t("queueLead")}</p>
      {queue.isPending && <ListSkeleton rows={2} />}
      {queue.isError && !queue.data && <ErrorState error={queue.error} onRetry={() => void queue.refetch()} />}
      {queue.data?.length === 0 && <p className="text-muted">{t("queueEmpty")}</p>}
      {queue.data && queue.data.length > 0 && (
        <ul aria-label={t("queue")} className="flex flex-col divide-y divide-line">
          {queue.data.map((kind) => (
            <KindRow key={kind.kind} kind={kind} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function KindRow({ kind }: { kind: Kind }) {
  const t = useTranslations("administration");
  const format = useFormatter();
  const name = `jobs.${kind.kind}`;
  const now = useNow({ updateInterval: 10_000 });
  const since = format.relativeTime(new Date(now.getTime() - kind.oldest_seconds * 1000), now);
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 py-2.5 first:pt-0">
      <span className="[overflow-wrap:anywhere]">{t.has(name) ? t(name) : kind.kind}</span>
      <span className={cn("text-sm", kind.failed_last_day > 0 ? "text-bad" : "text-muted")}>
        {[
          kind.waiting > 0 ? t("waiting", { count: kind.waiting, since }) : t("noneWaiting"),
          kind.running > 0 && t("running", { count: kind.running }),
          kind.failed_last_day > 0 && t("failed", { count: kind.failed_last_day }),
        ]
          .filter(Boolean)
          .join(" · ")}
      </span>
    </li>
  );
}
