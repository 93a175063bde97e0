"use client";

import { ChevronLeft, ChevronRight } from "lucide-react";
import { useEffect, useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { inputLook } from "@/components/ui/field";
import { ErrorState, Skeleton } from "@/components/ui/states";
import type { Document, PageText } from "@/features/documents/api/documents";
import { usePage } from "@/features/documents/api/page";
import { PassageTools } from "@/features/documents/components/passage-tools";
import { usePlace } from "@/features/documents/components/place";
import { cutOut } from "@/features/documents/components/words";
import { cn } from "@/lib/cn";
import { useKeys } from "@/lib/keys";
import { useChangeParams, useParam } from "@/lib/nav";

/** The page that the address names, with the passage that it names, and the way to the others. */
export function PageView({ document, pages }: { document: Document; pages: number }) {
  const [asked] = useParam("page");
  const [chunk] = useParam("chunk");
  const change = useChangeParams();
  const number = Math.min(pages, Math.max(1, Math.trunc(Number(asked)) || 1));
  const page = usePage(document, number, chunk);
  const body = useRef<HTMLDivElement>(null);

  const turn = (to: number) => {
    // Back shall lead out of the document, not through its pages.
    if (to >= 1 && to <= pages && to !== number) change({ page: String(to), chunk: null }, { replace: true });
  };
  useKeys({ ArrowLeft: () => turn(number - 1), ArrowRight: () => turn(number + 1) });

  return (
    <section className="min-w-0">
      <Turner number={number} pages={pages} onTurn={turn} />
      {page.isPending && <Skeleton className="mt-4 h-96" />}
      {page.isError && !page.data && <ErrorState error={page.error} onRetry={() => void page.refetch()} />}
      <div ref={body}>{page.data && <Text page={page.data} waits={page.isPlaceholderData} />}</div>
      <PassageTools document={document.id} place={body} />
    </section>
  );
}

function Turner({ number, pages, onTurn }: { number: number; pages: number; onTurn: (to: number) => void }) {
  const t = useTranslations("documents");
  const [typed, setTyped] = useState(String(number));
  useEffect(() => setTyped(String(number)), [number]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = Math.trunc(Number(typed));
    if (wanted >= 1) onTurn(Math.min(pages, wanted));
    setTyped(String(Math.min(pages, Math.max(1, wanted || number))));
  };
  return (
    <nav aria-label={t("turning")} className="sticky top-0 z-10 -mx-2 flex items-center gap-1 bg-ground px-2 py-2">
      <Button tone="quiet" size="icon" aria-label={t("previous")} disabled={number <= 1} onClick={() => onTurn(number - 1)}>
        <ChevronLeft aria-hidden />
      </Button>
      <form onSubmit={submit} onBlur={submit} className="flex items-center gap-2 text-sm text-muted">
        <input
          aria-label={t("pageNumber")}
          inputMode="numeric"
          value={typed}
          onChange={(event) => setTyped(event.target.value.replace(/\D/g, "").slice(0, 6))}
          onFocus={(event) => event.target.select()}
          className={cn(inputLook, "h-9 w-16 px-2 text-center text-ink")}
        />
        <span>{t("of", { pages })}</span>
      </form>
      <Button tone="quiet" size="icon" aria-label={t("next")} disabled={number >= pages} onClick={() => onTurn(number + 1)}>
        <ChevronRight aria-hidden />
      </Button>
    </nav>
  );
}

function Text({ page, waits }: { page: PageText; waits: boolean }) {
  const t = useTranslations("documents");
  const place = usePlace();
  const mark = useRef<HTMLElement>(null);
  const { text, passage } = page;
  const start = passage?.char_start;
  useEffect(() => {
    if (start !== undefined) mark.current?.scrollIntoView({ block: "center" });
    else window.scrollTo({ top: 0 });
  }, [page.number, start]);
  const [before, cited, after] = passage ? cutOut(text, passage.char_start, passage.char_end) : [text, "", ""];
  return (
    <article aria-busy={waits} className={cn("mt-2 transition-opacity", waits && "opacity-60")}>
      <h2 dir="auto" className="mb-3 text-sm font-medium text-muted [overflow-wrap:anywhere]">
        {place(page)}
      </h2>
      {text.trim() ? (
        <div
          dir="auto"
          className="max-w-[68ch] whitespace-pre-wrap text-[1.12rem] leading-[1.75] [overflow-wrap:anywhere] [unicode-bidi:plaintext]"
        >
          {before}
          {cited && (
            <mark ref={mark} className="rounded-sm bg-mark text-ink [box-decoration-break:clone]">
              {cited}
            </mark>
          )}
          {after}
        </div>
      ) : (
        <p className="text-muted">{t("emptyPage")}</p>
      )}
    </article>
  );
}
