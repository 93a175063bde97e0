"use client";

import { useTranslations } from "use-intl";
import { useLive } from "@/features/tutor/state/live";
import { plainAnswer } from "@/features/tutor/state/cards";

const READ_OUT = 600;

/** Reads an answer out once, at its end. */
export function Spoken() {
  const t = useTranslations("tutor");
  const spoken = useLive((live) => live.spoken);
  return (
    <p role="status" className="sr-only">
      {spoken && t("answered", { text: plainAnswer(spoken).slice(0, READ_OUT) })}
    </p>
  );
}
