"use client";

import { useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import Link from "next/link";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { ErrorState } from "@/components/ui/states";
import { getProfile } from "@/features/account/api/get-profile";
import { isOver, sendExport, useImportJob } from "@/features/account/api/import-data";
import { ApiProblem } from "@/lib/api/problem";
import { keepUser } from "@/lib/auth/session";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

/** Bring an export into this account: sent, then read by the server; both tell how far they are. */
export function ImportData() {
  // Kept beyond a reload: the reading goes on meanwhile.
  const [jobId, keepJob, forgetJob] = useDraft<string | null>("import-job", null);
  if (jobId) return <Reading jobId={jobId} onAgain={forgetJob} />;
  return <Choosing onSent={keepJob} />;
}

function Choosing({ onSent }: { onSent: (jobId: string) => void }) {
  const t = useTranslations("data");
  const ui = useTranslations("ui");
  const explain = useExplained();
  const field = useRef<HTMLInputElement>(null);
  const aborter = useRef<AbortController>(null);
  const [sent, setSent] = useState<number | null>(null);
  const [fault, setFault] = useState("");

  const bring = async (file: File) => {
    setFault("");
    setSent(0);
    aborter.current = new AbortController();
    const onProgress = (share: number) => setSent(Math.round(share * 100));
    try {
      onSent(await sendExport(file, { onProgress, signal: aborter.current.signal }));
    } catch (error) {
      if (!aborter.current.signal.aborted) setFault(explain(error));
    }
    setSent(null);
    if (field.current) field.current.value = "";
  };

  return (
    <>
      <input
        ref={field}
        type="file"
        accept=".zip,application/zip"
        aria-label={t("importFile")}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => event.target.files?.[0] && void bring(event.target.files[0])}
      />
      {sent === null ? (
        <Button onClick={() => field.current?.click()}>
          <FileUp aria-hidden /> {t("chooseFile")}
        </Button>
      ) : (
        <div className="flex w-full items-center gap-3">
          <Progress value={sent} label={t("sending")} className="flex-1" />
          <Button size="small" onClick={() => aborter.current?.abort()}>
            {ui("cancel")}
          </Button>
        </div>
      )}
      <p role="alert" className="text-sm text-bad empty:hidden">
        {fault}
      </p>
    </>
  );
}

function Reading({ jobId, onAgain }: { jobId: string; onAgain: () => void }) {
  const t = useTranslations("data");
  const queries = useQueryClient();
  const job = useImportJob(jobId);
  const status = job.data?.status;

  // With the rest came a name, a time zone and the start of the day.
  const arrived = useEffectEvent(async () => {
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[1] !== "import" });
    keepUser(await getProfile());
  });
  useEffect(() => {
    if (status === "done") void arrived().catch(() => undefined);
  }, [status]);

  if (job.isError && !job.data) return <ErrorState error={job.error} onRetry={() => void job.refetch()} />;
  if (!isOver(job.data)) {
    return (
      <div className="w-full">
        <p role="status" className="mb-2 text-sm text-muted">
          {t("reading")}
        </p>
        <Progress value={job.data?.progress ?? 0} label={t("reading")} />
      </div>
    );
  }
  if (status === "done") {
    return (
      <p role="status">
        {t("imported")}{" "}
        <Link href="/today" prefetch={false} className="rounded text-accent underline-offset-4 hover:underline">
          {t("toToday")}
        </Link>
      </p>
    );
  }
  return <NotRead code={job.data?.error ?? ""} onAgain={onAgain} />;
}

function NotRead({ code, onAgain }: { code: string; onAgain: () => void }) {
  const t = useTranslations("data");
  const key = `importFaults.${code}`;
  return (
    <>
      <p role="alert" className="text-sm text-bad">
        {t.has(key) ? t(key) : t("importFailed")}
      </p>
      <Button onClick={onAgain}>{t("otherFile")}</Button>
    </>
  );
}

/** A refusal of the file, in a sentence that says what to do. */
function useExplained(): (error: unknown) => string {
  const t = useTranslations("data");
  const say = useFaultText();
  return (error) => {
    const key = error instanceof ApiProblem ? `importFaults.${error.code}` : "";
    return key && t.has(key) ? t(key) : say(error);
  };
}
