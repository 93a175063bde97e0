"use client";

import { X } from "lucide-react";
import { useTranslations } from "use-intl";
import { useSource, useSources } from "@/features/tutor/api/sources";
import { isChosen, subjectsOf, toggled } from "@/features/tutor/state/subjects";

type Props = { chosen: string[]; onChange: (ids: string[]) => void };

/** What answers come from: whole subjects under their name, the other documents one by one. */
export function SourceChips({ chosen, onChange }: Props) {
  const sources = useSources("");
  const whole = subjectsOf(sources.data ?? []).filter((subject) => subject.ids.length > 1 && isChosen(subject, chosen));
  const single = chosen.filter((id) => !whole.some(({ ids }) => ids.includes(id)));
  return (
    <>
      {whole.map((subject) => (
        <Chip key={subject.name} name={subject.name} onRemove={() => onChange(toggled(subject, chosen))} />
      ))}
      {single.map((id) => (
        <SourceChip key={id} id={id} onRemove={() => onChange(chosen.filter((one) => one !== id))} />
      ))}
    </>
  );
}

function SourceChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const source = useSource(id);
  return <Chip name={source.data?.title || source.data?.filename || "…"} onRemove={onRemove} />;
}

function Chip({ name, onRemove }: { name: string; onRemove: () => void }) {
  const t = useTranslations("tutor");
  return (
    <span className="inline-flex h-9 max-w-52 items-center gap-1 rounded-full bg-accent-soft pl-3 pr-1 text-sm text-accent-strong">
      <span className="truncate">{name}</span>
      <button type="button" onClick={onRemove} aria-label={t("removeSource", { name })} className="grid size-7 shrink-0 place-items-center rounded-full hover:bg-surface">
        <X className="size-4" aria-hidden />
      </button>
    </span>
  );
}
