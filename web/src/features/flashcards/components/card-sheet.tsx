"use client";

import { Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select, Textarea } from "@/components/ui/field";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useDeleteCard } from "@/features/flashcards/api/delete-card";
import { useEditCard } from "@/features/flashcards/api/edit-card";
import type { Card } from "@/features/flashcards/api/flashcards";
import { useCard } from "@/features/flashcards/api/get-card";
import { ConfirmDelete } from "@/features/flashcards/components/confirm";
import { FLAGS, NO_FLAG } from "@/features/flashcards/components/flag";
import { useInterval } from "@/features/flashcards/components/interval";
import { SourceLink } from "@/features/flashcards/components/source-link";
import { tagsOf } from "@/features/flashcards/components/tags";
import { useIsBuried } from "@/features/flashcards/components/use-is-buried";
import { ApiProblem } from "@/lib/api/problem";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

type Props = { id: string; onClose: () => void; /** The card as it is now; null when it is gone. */ onChanged?: (card: Card | null) => void };

/** Everything about one card, to be changed. */
export function CardSheet({ id, onClose, onChanged }: Props) {
  const t = useTranslations("flashcards");
  const card = useCard(id);
  return (
    <Dialog shape="sheet" open onOpenChange={(open) => !open && onClose()} title={t("card")}>
      {card.isPending && <ListSkeleton rows={4} />}
      {card.isError && <ErrorState error={card.error} onRetry={() => void card.refetch()} />}
      {card.data && <CardForm key={card.data.version} card={card.data} onClose={onClose} onChanged={onChanged} />}
    </Dialog>
  );
}

function CardForm({ card, onClose, onChanged }: { card: Card } & Omit<Props, "id">) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const buried = useIsBuried(card);
  const initial = { front: card.front, back: card.back, tags: card.tags.join(" "), flag: card.flag };
  const [form, setForm, clear] = useDraft(`card-${card.id}-${card.version}`, initial);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [deleting, setDeleting] = useState(false);
  const edit = useEditCard();
  const remove = useDeleteCard();

  const keep = async (fields: Parameters<typeof edit.mutateAsync>[0]["fields"], said: string) => {
    try {
      const changed = await edit.mutateAsync({ card, fields });
      clear();
      onChanged?.(changed);
      tell(said);
      onClose();
    } catch (error) {
      const named = error instanceof ApiProblem && Object.keys(error.fields).length > 0;
      setFaults(named ? error.fields : { form: say(error) });
    }
  };

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const empty = { ...(form.front.trim() ? {} : { front: t("needFront") }), ...(form.back.trim() ? {} : { back: t("needBack") }) };
    setFaults(empty);
    if (Object.keys(empty).length === 0) void keep({ front: form.front, back: form.back, tags: tagsOf(form.tags), flag: form.flag ?? card.flag }, ui("saved"));
  };

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("front")} fault={faults.front}>
        {(wiring) => <Textarea {...wiring} rows={4} maxLength={5_000} value={form.front} onChange={(event) => setForm({ ...form, front: event.target.value })} />}
      </Field>
      <Field label={t("back")} fault={faults.back}>
        {(wiring) => <Textarea {...wiring} rows={6} maxLength={20_000} value={form.back} onChange={(event) => setForm({ ...form, back: event.target.value })} />}
      </Field>
      <Field label={t("tags")} hint={t("tagsHint")} fault={faults.tags}>
        {(wiring) => <Input {...wiring} value={form.tags} onChange={(event) => setForm({ ...form, tags: event.target.value })} />}
      </Field>
      <Field label={t("flag")}>
        {(wiring) => (
          <Select {...wiring} value={form.flag ?? card.flag} onChange={(event) => setForm({ ...form, flag: Number(event.target.value) })}>
            {[NO_FLAG, ...FLAGS].map((flag) => (
              <option key={flag} value={flag}>
                {t(`flags.${flag as 0}`)}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Schedule card={card} />
      <p role="alert" className="text-sm text-bad empty:hidden">
        {faults.form}
      </p>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" tone="accent" busy={edit.isPending}>
          {ui("save")}
        </Button>
        <Button busy={edit.isPending} onClick={() => void keep({ suspended: !card.suspended }, t(card.suspended ? "resumedOne" : "suspendedOne"))}>
          {t(card.suspended ? "resume" : "suspend")}
        </Button>
        <Button busy={edit.isPending} onClick={() => void keep({ buried: !buried }, t(buried ? "dugUpOne" : "buriedOne"))}>
          {t(buried ? "digUp" : "bury")}
        </Button>
        <Button tone="danger" className="ml-auto" onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden /> {ui("delete")}
        </Button>
      </div>
      {deleting && (
        <ConfirmDelete
          title={t("deleteCardTitle")}
          text={t("deleteCardText")}
          act={async () => {
            await remove.mutateAsync(card);
            clear();
            onChanged?.(null);
            onClose();
          }}
          onClose={() => setDeleting(false)}
        />
      )}
    </form>
  );
}

function Schedule({ card }: { card: Card }) {
  const t = useTranslations("flashcards");
  const format = useFormatter();
  const interval = useInterval();
  const due = card.due_on && format.dateTime(new Date(`${card.due_on}T12:00:00Z`), { dateStyle: "medium", timeZone: "UTC" });
  return (
    <div className="flex flex-col gap-1 rounded-lg bg-sunken px-4 py-3 text-sm text-muted">
      <p>{due ? t("schedule", { due, interval: interval(card.interval_days), lapses: card.lapses }) : t("neverSeen")}</p>
      {card.source && <SourceLink source={card.source} />}
    </div>
  );
}
