"use client";

import { MessagesSquare, SquarePen } from "lucide-react";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useThread } from "@/features/tutor/api/get-thread";
import { Conversation } from "@/features/tutor/components/conversation";
import { ThreadList } from "@/features/tutor/components/thread-list";
import { useChangeParams, useParam } from "@/lib/nav";

/** The tutor: conversations at the side, one of them open. */
export function Tutor() {
  const t = useTranslations("tutor");
  const [thread] = useParam("thread");
  const [about] = useParam("doc");
  const change = useChangeParams();
  const [listed, setListed] = useState(false);
  const open = useThread(thread);
  const choose = (id: string | null, options?: { replace?: boolean }) => {
    setListed(false);
    change({ thread: id, doc: null, q: null }, options);
  };
  return (
    <div className="flex h-[calc(100dvh-5rem)] md:h-dvh print:block print:h-auto">
      <aside aria-label={t("threads")} className="hidden w-64 shrink-0 flex-col border-r border-line p-3 lg:flex print:hidden">
        <ThreadList current={thread} onChoose={choose} />
      </aside>
      <section className="flex min-w-0 flex-1 flex-col">
        <header className="flex items-center gap-2 border-b border-line px-4 py-2 sm:px-6">
          <h1 className="min-w-0 flex-1 truncate text-lg font-semibold">{(thread && open.data?.title) || t("heading")}</h1>
          <Button tone="quiet" size="icon" aria-label={t("threads")} className="lg:hidden print:hidden" onClick={() => setListed(true)}>
            <MessagesSquare aria-hidden />
          </Button>
          <Button tone="quiet" size="icon" aria-label={t("new")} title={t("new")} className="print:hidden" onClick={() => choose(null)}>
            <SquarePen aria-hidden />
          </Button>
        </header>
        <Conversation thread={thread} about={thread ? null : about} settings={thread ? (open.data ?? null) : null} onThread={choose} />
      </section>
      {listed && (
        <Dialog shape="sheet" open onOpenChange={setListed} title={t("threads")}>
          <ThreadList current={thread} onChoose={choose} />
        </Dialog>
      )}
    </div>
  );
}
