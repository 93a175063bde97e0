"use client";

import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Page } from "@/components/ui/page";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { useRunning } from "@/features/study-sessions/api/running";
import { FIRST_PLAN, wholeMinutes, type Plan } from "@/features/study-sessions/components/plan";
import { Rest, type Break } from "@/features/study-sessions/components/rest";
import { SessionList } from "@/features/study-sessions/components/session-list";
import { StartForm } from "@/features/study-sessions/components/start-form";
import { Timer } from "@/features/study-sessions/components/timer";
import { useDraft } from "@/lib/drafts";
import { useParam } from "@/lib/nav";

const LONGEST_REST = 120;

/** One thing at a time: work, then a break, and below what was done so far. */
export function StudySessions() {
  const t = useTranslations("study");
  return (
    <Page title={t("heading")} lead={t("lead")}>
      <Now />
      <h2 className="mb-3 mt-9 text-lg font-semibold">{t("past")}</h2>
      <SessionList />
    </Page>
  );
}

function Now() {
  const running = useRunning();
  const [plan, setPlan] = usePlan();
  const [rest, setRest, endRest] = useDraft<Break | null>("study-break", null);

  const beginRest = () => {
    const minutes = wholeMinutes(plan.rest, 1, LONGEST_REST);
    const from = Date.now();
    if (minutes !== null) setRest({ from, until: from + minutes * 60_000 });
  };

  if (running.isPending) return <Skeleton className="h-80" />;
  if (running.isError && running.data === undefined) {
    return <ErrorState error={running.error} onRetry={() => void running.refetch()} />;
  }
  if (running.data) {
    return <Timer key={running.data.id} session={running.data} seenAt={running.dataUpdatedAt} onFinished={beginRest} />;
  }
  if (rest) return <Rest rest={rest} onEnd={endRest} />;
  return <StartForm plan={plan} onPlan={setPlan} />;
}

/** What was planned last, about the task that the address names. */
function usePlan(): [Plan, (plan: Plan) => void] {
  const [plan, setPlan] = useDraft("study-plan", FIRST_PLAN);
  const [task, setTask] = useParam("task");
  useEffect(() => {
    if (task === null) return;
    setPlan({ ...plan, task });
    setTask(null, { replace: true });
  }, [task, plan, setPlan, setTask]);
  return [plan, setPlan];
}
