"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, FileCheck, LoaderCircle, X } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Progress } from "@/components/ui/progress";
import { drop, retry, useUploads, type Upload } from "@/features/documents/api/uploads";
import { mayArrive, useReason } from "@/features/documents/components/reason";
import { Unreachable } from "@/lib/api/problem";
import { cn } from "@/lib/cn";

/** Files on their way and those that did not make it. */
export function UploadList({ onOpen }: { onOpen: (id: string) => void }) {
  const t = useTranslations("documents");
  const uploads = useUploads((state) => state.uploads);
  if (uploads.length === 0) return null;
  return (
    <ul aria-label={t("uploads")} className="mb-6 flex flex-col gap-2">
      {uploads.map((one) => (
        <li key={one.id}>
          <UploadRow upload={one} onOpen={onOpen} />
        </li>
      ))}
    </ul>
  );
}

const ICONS = { waiting: LoaderCircle, sending: LoaderCircle, failed: CircleAlert, existing: FileCheck };
const LOOK = {
  waiting: "border-line bg-surface",
  sending: "border-line bg-surface",
  failed: "border-bad bg-bad-soft",
  existing: "border-line bg-surface",
};

function UploadRow({ upload, onOpen }: { upload: Upload; onOpen: (id: string) => void }) {
  const t = useTranslations("documents");
  const ui = useTranslations("ui");
  const queries = useQueryClient();
  const { id, file, state, sent, fault, document } = upload;
  const Icon = ICONS[state];
  const moving = state === "waiting" || state === "sending";
  return (
    <div className={cn("flex items-start gap-3 rounded-card border px-4 py-3", LOOK[state])}>
      <Icon
        className={cn("mt-0.5 size-5 shrink-0", state === "failed" ? "text-bad" : "text-muted", state === "sending" && "animate-spin")}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium [overflow-wrap:anywhere]">
          <bdi>{file.name}</bdi>
        </p>
        {moving && <Progress value={sent} label={t("sendingNamed", { name: file.name })} className="my-2" />}
        <UploadWords upload={upload} />
        {state === "failed" && mayArrive(fault) && (
          <Button size="small" className="mt-2" onClick={() => retry(id, queries)}>
            {ui("retry")}
          </Button>
        )}
        {document && (
          <Button size="small" className="mt-2" onClick={() => onOpen(document.id)}>
            {t("open")}
          </Button>
        )}
      </div>
      <Button
        tone="quiet"
        size="icon"
        className="-mr-2 -mt-1.5"
        aria-label={t(moving ? "cancelNamed" : "dismissNamed", { name: file.name })}
        onClick={() => drop(id)}
      >
        <X aria-hidden />
      </Button>
    </div>
  );
}

function UploadWords({ upload: { file, state, sent, fault, document } }: { upload: Upload }) {
  const t = useTranslations("documents");
  const why = useReason();
  if (state === "failed") {
    return (
      <p role="alert" className="text-sm">
        <span className="sr-only">{t("refused", { name: file.name })} </span>
        {why(fault instanceof Unreachable ? "interrupted" : fault)}
      </p>
    );
  }
  if (state === "existing") {
    return (
      <p role="status" className="text-sm text-muted">
        {t("existing", { title: document?.title ?? file.name })}
      </p>
    );
  }
  return <p className="text-sm text-muted">{state === "waiting" ? t("waiting") : t("sending", { percent: sent })}</p>;
}
