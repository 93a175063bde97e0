"use client";

import { Flag, Pause, Play } from "lucide-react";
import { useState } from "react";
import { useNow, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/page";
import { tell } from "@/components/ui/notes";
import { usePause } from "@/features/study-sessions/api/pause";
import { useResume } from "@/features/study-sessions/api/resume";
import type { Session } from "@/features/study-sessions/api/sessions";
import { ClockFace } from "@/features/study-sessions/components/clock-face";
import { FinishDialog } from "@/features/study-sessions/components/finish-dialog";
import { clock, secondsLeft } from "@/features/study-sessions/components/remaining";
import { useEnd } from "@/features/study-sessions/components/use-end";
import { useTitle } from "@/features/study-sessions/components/use-title";
import { useFaultText } from "@/lib/fault-text";

type Props = { session: Session; seenAt: number; onFinished: () => void };

/** The session that runs: what is left of it, in the page and in the window's title. */
export function Timer({ session, seenAt, onFinished }: Props) {
  const t = useTranslations("study");
  const say = useFaultText();
  const now = useNow({ updateInterval: 1_000 });
  const pause = usePause();
  const resume = useResume();
  const [finishing, setFinishing] = useState(false);
  const left = secondsLeft(session, seenAt, now.getTime());
  const state = left <= 0 ? "over" : session.status === "paused" ? "paused" : "running";
  useTitle(t(`titles.${state}`, { time: clock(left) }));
  useEnd(left, t("timeIsUp"));
  const onError = (error: Error) => tell(say(error), { tone: "bad" });
  const paused = session.status === "paused";
  return (
    <Card className="flex flex-col items-center gap-6 py-8">
      <p className="max-w-full text-lg font-medium [overflow-wrap:anywhere]">{session.subject ?? t("noSubject")}</p>
      <ClockFace label={t("timeLeft")} text={clock(left)} share={left / (session.planned_minutes * 60)}>
        {t(`states.${state}`, { minutes: session.planned_minutes })}
      </ClockFace>
      <div className="flex flex-wrap justify-center gap-3">
        <Button
          size="large"
          busy={pause.isPending || resume.isPending}
          onClick={() => (paused ? resume : pause).mutate(session, { onError })}
        >
          {paused ? <Play aria-hidden /> : <Pause aria-hidden />}
          {t(paused ? "resume" : "pause")}
        </Button>
        <Button size="large" tone="accent" onClick={() => setFinishing(true)}>
          <Flag aria-hidden />
          {t("finish")}
        </Button>
      </div>
      {finishing && <FinishDialog session={session} onClose={() => setFinishing(false)} onFinished={onFinished} />}
    </Card>
  );
}
