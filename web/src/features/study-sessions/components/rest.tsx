"use client";

import { SkipForward } from "lucide-react";
import { useNow, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/page";
import { ClockFace } from "@/features/study-sessions/components/clock-face";
import { clock } from "@/features/study-sessions/components/remaining";
import { useEnd } from "@/features/study-sessions/components/use-end";
import { useTitle } from "@/features/study-sessions/components/use-title";

/** A break; times are milliseconds of this device. */
export type Break = { from: number; until: number };

/** The break after a session, until somebody goes on. */
export function Rest({ rest, onEnd }: { rest: Break; onEnd: () => void }) {
  const t = useTranslations("study");
  const now = useNow({ updateInterval: 1_000 }).getTime();
  const left = Math.max(0, Math.ceil((rest.until - Math.max(now, rest.from)) / 1_000));
  useTitle(t(left > 0 ? "titles.rest" : "titles.rested", { time: clock(left) }));
  useEnd(left, t("restIsUp"));
  return (
    <Card className="flex flex-col items-center gap-6 py-8">
      <p className="text-lg font-medium">{t("restHeading")}</p>
      <ClockFace label={t("restLeft")} text={clock(left)} share={(left * 1_000) / (rest.until - rest.from)} tone="good">
        {t(left > 0 ? "restText" : "restIsUp")}
      </ClockFace>
      <Button size="large" tone="accent" onClick={onEnd}>
        <SkipForward aria-hidden />
        {t(left > 0 ? "skipRest" : "goOn")}
      </Button>
    </Card>
  );
}
