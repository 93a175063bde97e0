"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CloudOff, RefreshCw, TriangleAlert } from "lucide-react";
import { useCallback, useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { late } from "@/components/ui/late";
import { tell } from "@/components/ui/notes";
import { useReadiness } from "@/features/offline/components/use-readiness";
import { cn } from "@/lib/cn";
import { useReachability } from "@/lib/offline/reachability";
import { useNewVersion } from "@/lib/offline/worker";
import { useOutbox } from "@/lib/reviews/outbox";

const RefusedReviews = late(() => import("@/features/offline/components/refused-reviews").then((module) => module.RefusedReviews));

/** What is to be told above every page: no server, reviews that found no place there, a new version. */
export function Offline() {
  const t = useTranslations("offline");
  const queries = useQueryClient();
  const reachable = useReachability((state) => state.reachable);
  const { waiting, refused } = useOutbox();
  const reload = useNewVersion((state) => state.reload);
  const [opened, setOpened] = useState(false);

  const sent = useCallback(
    (count: number) => {
      tell(t("sent", { count }));
      void queries.invalidateQueries();
    },
    [queries, t],
  );
  useReadiness(sent);

  return (
    <div role="status" aria-label={t("state")}>
      {!reachable && (
        <Strip icon={<CloudOff aria-hidden />} text={waiting.length > 0 ? t("offlineWaiting", { count: waiting.length }) : t("offline")} />
      )}
      {refused.length > 0 && (
        <Strip
          bad
          icon={<TriangleAlert aria-hidden />}
          text={t("refused", { count: refused.length })}
          action={
            <Button size="small" onClick={() => setOpened(true)}>
              {t("look")}
            </Button>
          }
        />
      )}
      {reload && (
        <Strip
          icon={<RefreshCw aria-hidden />}
          text={t("newVersion")}
          action={
            <Button size="small" tone="accent" onClick={reload}>
              {t("reload")}
            </Button>
          }
        />
      )}
      {opened && refused.length > 0 && <RefusedReviews reviews={refused} onClose={() => setOpened(false)} />}
    </div>
  );
}

function Strip({ icon, text, action, bad }: { icon: ReactNode; text: string; action?: ReactNode; bad?: boolean }) {
  return (
    <div
      className={cn(
        "flex min-h-11 items-center gap-3 border-b border-line px-4 py-1.5 text-sm sm:px-8 [&>svg]:size-4 [&>svg]:shrink-0",
        bad ? "bg-bad-soft text-bad" : "bg-sunken text-ink",
      )}
    >
      {icon}
      <p className="min-w-0 flex-1">{text}</p>
      {action}
    </div>
  );
}
