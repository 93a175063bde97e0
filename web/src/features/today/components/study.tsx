"use client";

import { Timer } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useCurrentStudy } from "@/features/today/api/current-study";
import { Block } from "@/features/today/components/block";

/** The study session that is under way, or the way to begin one. */
export function Study() {
  const t = useTranslations("today");
  const format = useFormatter();
  const study = useCurrentStudy();
  const current = study.data;
  return (
    <Block title={t("study")}>
      {study.isPending && <ListSkeleton rows={1} />}
      {study.isError && !study.data && <ErrorState error={study.error} onRetry={() => void study.refetch()} />}
      {study.isSuccess && (
        <>
          <p className="mb-4 text-muted [overflow-wrap:anywhere]">
            {current
              ? t(current.status === "paused" ? "paused" : "running", {
                  subject: current.subject ?? t("noSubject"),
                  time: format.dateTime(new Date(current.started_at), { hour: "numeric", minute: "2-digit" }),
                })
              : t("noStudy")}
          </p>
          <Button asChild tone={current ? "accent" : "plain"} className="mt-auto self-start">
            <Link href="/study-sessions" prefetch={false}>
              <Timer aria-hidden /> {t(current ? "toTimer" : "startStudy")}
            </Link>
          </Button>
        </>
      )}
    </Block>
  );
}
