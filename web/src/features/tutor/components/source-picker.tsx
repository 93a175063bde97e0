"use client";

import { useDeferredValue, useState } from "react";
import { useTranslations } from "use-intl";
import { Dialog } from "@/components/ui/dialog";
import { Input } from "@/components/ui/field";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useSources } from "@/features/tutor/api/sources";
import { isChosen, subjectsOf, toggled } from "@/features/tutor/state/subjects";

type Props = { chosen: string[]; onChange: (ids: string[]) => void; onClose: () => void };

/** The documents that answers may come from; none ticked means all. */
export function SourcePicker({ chosen, onChange, onClose }: Props) {
  const t = useTranslations("tutor");
  const [q, setQ] = useState("");
  const sources = useSources(useDeferredValue(q.trim()));
  const subjects = subjectsOf(sources.data ?? []);
  const toggle = (id: string) => onChange(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("sources")} description={t("sourcesHint")}>
      <Input type="search" aria-label={t("searchSources")} placeholder={t("searchSources")} value={q} onChange={(event) => setQ(event.target.value)} className="mb-3" />
      {sources.isPending && <ListSkeleton />}
      {sources.isError && <ErrorState error={sources.error} onRetry={() => void sources.refetch()} />}
      {sources.data?.length === 0 && <p className="py-4 text-center text-muted">{t("noSources")}</p>}
      {subjects.length > 0 && (
        <div role="group" aria-label={t("subjects")} className="mb-2 flex flex-wrap gap-2">
          {subjects.map((subject) => (
            <button
              key={subject.name}
              type="button"
              aria-pressed={isChosen(subject, chosen)}
              onClick={() => onChange(toggled(subject, chosen))}
              className="min-h-9 max-w-full rounded-full border border-line px-3 text-sm [overflow-wrap:anywhere] hover:border-accent aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-strong"
            >
              {t("wholeSubject", { subject: subject.name, count: subject.ids.length })}
            </button>
          ))}
        </div>
      )}
      <ul className="flex flex-col">
        {sources.data?.map((source) => (
          <li key={source.id}>
            <label className="flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-2 hover:bg-sunken">
              <input type="checkbox" checked={chosen.includes(source.id)} onChange={() => toggle(source.id)} className="size-5 shrink-0 accent-[var(--accent)]" />
              <span className="min-w-0 [overflow-wrap:anywhere]">{source.title || source.filename}</span>
            </label>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
