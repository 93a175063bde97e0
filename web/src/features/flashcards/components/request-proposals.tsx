"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Sparkles } from "lucide-react";
import Link from "next/link";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input, Select } from "@/components/ui/field";
import { ErrorState } from "@/components/ui/states";
import { proposalsKey } from "@/features/flashcards/api/flashcards";
import { useJob } from "@/features/flashcards/api/get-job";
import { useReadyDocuments } from "@/features/flashcards/api/list-documents";
import { useRequestProposals } from "@/features/flashcards/api/request-proposals";
import { useFaultText } from "@/lib/fault-text";
import { useParam } from "@/lib/nav";

/** Have cards written from a document. */
export function RequestProposals({ deck }: { deck: string }) {
  const t = useTranslations("flashcards");
  const say = useFaultText();
  const queries = useQueryClient();
  const documents = useReadyDocuments("");
  const [from] = useParam("from");
  const [document, setDocument] = useState(from ?? "");
  const [count, setCount] = useState("10");
  const [job, setJob] = useState<string | null>(null);
  const request = useRequestProposals();
  const progress = useJob(job);
  const status = progress.data?.status;
  const working = request.isPending || status === "queued" || status === "running" || (job !== null && !status);
  const ready = documents.data?.items ?? [];

  useEffect(() => {
    if (status === "done") void queries.invalidateQueries({ queryKey: proposalsKey(deck) });
  }, [status, queries, deck]);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = document || ready[0]?.id;
    if (!chosen || working) return;
    const amount = Math.min(100, Math.max(1, Number(count) || 10));
    request.mutate({ document: chosen, deck, count: amount }, { onSuccess: ({ job_id }) => setJob(job_id) });
  };

  if (documents.isError && !documents.data) return <ErrorState error={documents.error} onRetry={() => void documents.refetch()} />;
  if (documents.data && ready.length === 0) {
    return (
      <p className="rounded-card border border-line bg-surface px-5 py-4 text-muted">
        {t("noDocuments")}{" "}
        <Link href="/documents" prefetch={false} className="text-accent underline underline-offset-2">
          {t("toDocuments")}
        </Link>
      </p>
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-wrap items-end gap-3 rounded-card border border-line bg-surface px-5 py-4">
      <Field label={t("fromDocument")} className="min-w-48 flex-1">
        {(wiring) => (
          <Select {...wiring} value={document} onChange={(event) => setDocument(event.target.value)}>
            {ready.map((one) => (
              <option key={one.id} value={one.id}>
                {one.title}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Field label={t("howMany")} className="w-24">
        {(wiring) => <Input {...wiring} type="number" inputMode="numeric" min={1} max={100} value={count} onChange={(event) => setCount(event.target.value)} />}
      </Field>
      <Button type="submit" tone="accent" className="h-11" busy={working} disabled={!documents.data}>
        <Sparkles aria-hidden /> {t("propose")}
      </Button>
      <div role="status" className="w-full text-sm text-muted empty:hidden">
        {working && (
          <>
            {t("proposing")} <progress aria-label={t("proposing")} max={100} value={progress.data?.progress ?? 0} className="ml-2 h-2 w-32 align-middle accent-accent" />
          </>
        )}
        {!working && status === "done" && t("proposed")}
      </div>
      <p role="alert" className="w-full text-sm text-bad empty:hidden">
        {request.isError ? say(request.error) : status === "failed" ? t("proposingFailed") : ""}
      </p>
    </form>
  );
}
