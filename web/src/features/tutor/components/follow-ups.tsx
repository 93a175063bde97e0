"use client";

import { useTranslations } from "use-intl";
import { useSources } from "@/features/tutor/api/sources";
import type { Message } from "@/features/tutor/api/tutor";
import { Suggestions } from "@/features/tutor/components/suggestions";
import { followUps } from "@/features/tutor/state/openings";

type Props = { answer: Message; said: string; onAsk: (question: string) => void };

/** What could be asked next, out of the documents that the last answer came from. */
export function FollowUps({ answer, said, onAsk }: Props) {
  const t = useTranslations("tutor");
  const sources = useSources("");
  const cited = new Set(answer.citations.flatMap(({ document_id }) => document_id ?? []));
  return <Suggestions label={t("followUps")} concepts={followUps(sources.data ?? [], cited, said)} onAsk={onAsk} />;
}
