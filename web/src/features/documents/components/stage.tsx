"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { tell } from "@/components/ui/notes";
import type { Document } from "@/features/documents/api/documents";
import { useReprocess } from "@/features/documents/api/reprocess";
import { mayPass, useReason } from "@/features/documents/components/reason";
import { useFaultText } from "@/lib/fault-text";

/** From this share on the pages are read and are made searchable. */
const INDEXING = 80;

/** How far the reading of a document is, or why it ended; nothing for one that is ready. */
export function Stage({ document }: { document: Document }) {
  const t = useTranslations("documents");
  const why = useReason();
  const say = useFaultText();
  const reprocess = useReprocess();
  if (document.status === "ready") return null;
  if (document.status === "failed") {
    return (
      <div className="mt-1.5 rounded-lg bg-bad-soft px-3 py-2 text-sm">
        <p>{why(document.error)}</p>
        {mayPass(document.error) && (
          <Button
            size="small"
            className="mt-2"
            busy={reprocess.isPending}
            onClick={() => reprocess.mutate(document, { onError: (error) => tell(say(error), { tone: "bad" }) })}
          >
            {t("readAgain")}
          </Button>
        )}
      </div>
    );
  }
  const stage = document.status === "queued" ? "queued" : document.progress < INDEXING ? "reading" : "indexing";
  return (
    <div className="mt-1.5">
      <Progress value={document.progress} label={t("readingNamed", { title: document.title })} />
      <p className="mt-1 text-sm text-muted">{t(`stages.${stage}`)}</p>
    </div>
  );
}
