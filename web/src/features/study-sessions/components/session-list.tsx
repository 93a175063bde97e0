"use client";

import { Timer as TimerIcon } from "lucide-react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { useSessions } from "@/features/study-sessions/api/list";
import type { Session } from "@/features/study-sessions/api/sessions";

/** What was studied before, newest first. */
export function SessionList() {
  const t = useTranslations("study");
  const ui = useTranslations("ui");
  const list = useSessions();
  const sessions = (list.data?.pages ?? []).flatMap((page) => page.items).filter(({ status }) => status === "finished");

  if (list.isPending) return <ListSkeleton />;
  if (list.isError && !list.data) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (sessions.length === 0) {
    return (
      <EmptyState icon={TimerIcon} title={t("emptyTitle")}>
        {t("emptyText")}
      </EmptyState>
    );
  }
  return (
    <>
      <ul aria-label={t("past")} className="flex flex-col gap-2">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} />
        ))}
      </ul>
      {list.hasNextPage && (
        <Button className="mx-auto mt-4 flex" busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {ui("loadMore")}
        </Button>
      )}
    </>
  );
}

function SessionRow({ session }: { session: Session }) {
  const t = useTranslations("study");
  const format = useFormatter();
  const started = new Date(session.started_at);
  return (
    <li className="rounded-card border border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-4">
        <p className="min-w-0 flex-1 font-medium [overflow-wrap:anywhere]">{session.subject ?? t("noSubject")}</p>
        <p className="font-semibold tabular-nums">{t("worked", { minutes: Math.round(session.worked_seconds / 60) })}</p>
      </div>
      <p className="flex flex-wrap gap-x-4 text-sm text-muted">
        <time dateTime={session.started_at}>
          {format.dateTime(started, { weekday: "short", day: "numeric", month: "short", hour: "numeric", minute: "2-digit" })}
        </time>
        {session.focus_score !== null && <span>{t("focus", { score: session.focus_score })}</span>}
        {session.closed_automatically && <span>{t("closed")}</span>}
      </p>
      {session.notes && <p className="mt-1.5 whitespace-pre-wrap text-[0.95rem] [overflow-wrap:anywhere]">{session.notes}</p>}
    </li>
  );
}
