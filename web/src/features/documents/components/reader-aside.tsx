"use client";

import { Download, Layers, MessagesSquare } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { tell } from "@/components/ui/notes";
import type { Document } from "@/features/documents/api/documents";
import { useDownload } from "@/features/documents/api/download";
import { useFaultText } from "@/lib/fault-text";

/** What a document is about, and what can be done with it. */
export function ReaderAside({ document }: { document: Document }) {
  const t = useTranslations("documents");
  const say = useFaultText();
  const download = useDownload();
  const ready = document.status === "ready";
  return (
    <aside aria-label={t("about")} className="flex flex-col gap-5 self-start lg:sticky lg:top-6">
      <div className="flex flex-col gap-2">
        {ready && (
          <>
            <Button asChild tone="accent">
              <Link href={`/ai-tutor?doc=${document.id}`} prefetch={false}>
                <MessagesSquare aria-hidden /> {t("ask")}
              </Link>
            </Button>
            <Button asChild>
              <Link href={`/flashcards?from=${document.id}`} prefetch={false}>
                <Layers aria-hidden /> {t("makeCards")}
              </Link>
            </Button>
          </>
        )}
        <Button
          tone="quiet"
          busy={download.isPending}
          onClick={() => download.mutate(document, { onError: (error) => tell(say(error), { tone: "bad" }) })}
        >
          <Download aria-hidden /> {t("download")}
        </Button>
      </div>
      {document.summary && (
        <section>
          <h2 className="mb-1 text-sm font-semibold">{t("summary")}</h2>
          <p dir="auto" className="whitespace-pre-line text-[0.95rem] text-muted [overflow-wrap:anywhere]">
            {document.summary}
          </p>
        </section>
      )}
      {document.key_concepts.length > 0 && <Concepts concepts={document.key_concepts} />}
    </aside>
  );
}

function Concepts({ concepts }: { concepts: string[] }) {
  const t = useTranslations("documents");
  return (
    <section>
      <h2 className="mb-2 text-sm font-semibold">{t("concepts")}</h2>
      <ul className="flex flex-wrap gap-1.5">
        {concepts.map((concept) => (
          <li key={concept} className="max-w-full">
            <Link
              href={`/documents?${new URLSearchParams({ q: concept })}`}
              prefetch={false}
              className="inline-flex min-h-7 max-w-full items-center rounded-full border border-line bg-surface px-3 text-sm hover:border-accent [overflow-wrap:anywhere]"
            >
              <bdi>{concept}</bdi>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
