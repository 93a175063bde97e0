"use client";

import { useSearchParams } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { verifyEmail } from "@/features/account/api/verify-email";
import { Threshold, ThresholdLink } from "@/features/account/components/threshold";
import { ApiProblem } from "@/lib/api/problem";

type Outcome = "asking" | "done" | "spent" | Error;

/** Where the link of the letter to a new address leads. */
export function Verify() {
  const t = useTranslations("auth");
  const token = useSearchParams().get("token") ?? "";
  const [outcome, setOutcome] = useState<Outcome>(token ? "asking" : "spent");
  const asked = useRef(false);

  const ask = () => {
    setOutcome("asking");
    verifyEmail(token).then(
      () => setOutcome("done"),
      (error: Error) => setOutcome(error instanceof ApiProblem && error.status < 429 ? "spent" : error),
    );
  };
  useEffect(() => {
    if (!token || asked.current) return;
    // A token is good once, and so the page asks once, however often it is rendered.
    asked.current = true;
    ask();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- `ask` is made anew by each rendering
  }, [token]);

  return (
    <Threshold title={t("verifyTitle")}>
      {outcome === "asking" && <ListSkeleton rows={1} />}
      {outcome === "done" && <p role="status">{t("verified")}</p>}
      {outcome === "spent" && <p role="alert">{t("verifySpent")}</p>}
      {outcome instanceof Error && <ErrorState error={outcome} onRetry={ask} />}
      <ThresholdLink href="/today">{t("goOn")}</ThresholdLink>
    </Threshold>
  );
}
