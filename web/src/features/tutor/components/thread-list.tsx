"use client";

import { Ellipsis } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/field";
import { Menu } from "@/components/ui/menu";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useDeleteThread, useDoomed } from "@/features/tutor/api/delete-thread";
import { useThreads } from "@/features/tutor/api/list-threads";
import type { Thread } from "@/features/tutor/api/tutor";
import { RenameThread } from "@/features/tutor/components/rename-thread";
import { cn } from "@/lib/cn";
import { useFaultText } from "@/lib/fault-text";

type Props = { current: string | null; onChoose: (id: string | null) => void };

/** All conversations, to be found, opened, renamed and deleted. */
export function ThreadList({ current, onChoose }: Props) {
  const t = useTranslations("tutor");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const [sought, setSought] = useState("");
  const [renamed, setRenamed] = useState<Thread | null>(null);
  const list = useThreads();
  const doomed = useDoomed((state) => state.ids);
  const remove = useDeleteThread(useCallback((error) => tell(say(error), { tone: "bad" }), [say]));
  const { hasNextPage, isFetching, fetchNextPage } = list;

  // Titles are searched here, so all of them have to be here.
  useEffect(() => {
    if (sought && hasNextPage && !isFetching) void fetchNextPage();
  }, [sought, hasNextPage, isFetching, fetchNextPage]);

  const threads = (list.data?.pages ?? []).flatMap((page) => page.items).filter((thread) => !doomed.has(thread.id));
  const words = sought.trim().toLocaleLowerCase();
  const shown = threads.filter((thread) => thread.title.toLocaleLowerCase().includes(words));
  const drop = (thread: Thread) => {
    const undo = remove(thread.id);
    if (thread.id === current) onChoose(null);
    tell(t("deleted", { title: thread.title || t("untitled") }), { undo });
  };

  return (
    <div className="flex min-h-0 flex-1 flex-col gap-3">
      <Input type="search" aria-label={t("search")} placeholder={t("search")} value={sought} onChange={(event) => setSought(event.target.value)} className="h-10 shrink-0" />
      {list.isPending && <ListSkeleton rows={5} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && shown.length === 0 && <p className="px-3 py-4 text-sm text-muted">{t(words ? "noThread" : "noThreads")}</p>}
      <ul aria-label={t("threads")} className="-mx-1 flex min-h-0 flex-1 flex-col gap-0.5 overflow-y-auto px-1 empty:hidden">
        {shown.map((thread) => (
          <li key={thread.id} className={cn("flex items-center rounded-lg", thread.id === current ? "bg-accent-soft" : "hover:bg-sunken")}>
            <button
              type="button"
              aria-current={thread.id === current || undefined}
              onClick={() => onChoose(thread.id)}
              className={cn("min-w-0 flex-1 truncate rounded-lg px-3 py-2 text-left text-[0.95rem]", thread.id === current && "font-medium text-accent-strong")}
            >
              {thread.title || t("untitled")}
            </button>
            <Menu
              trigger={
                <Button tone="quiet" size="icon" className="size-9" aria-label={t("threadMenu", { title: thread.title || t("untitled") })}>
                  <Ellipsis aria-hidden />
                </Button>
              }
              choices={[
                { label: t("rename"), onSelect: () => setRenamed(thread) },
                { label: ui("delete"), danger: true, onSelect: () => drop(thread) },
              ]}
            />
          </li>
        ))}
        {hasNextPage && !words && (
          <li>
            <Button size="small" className="mt-2 w-full" busy={isFetching} onClick={() => void fetchNextPage()}>
              {ui("loadMore")}
            </Button>
          </li>
        )}
      </ul>
      {renamed && <RenameThread thread={renamed} onClose={() => setRenamed(null)} />}
    </div>
  );
}
