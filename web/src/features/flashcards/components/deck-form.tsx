"use client";

import { useState, type FormEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useAddDeck } from "@/features/flashcards/api/add-deck";
import { useEditDeck } from "@/features/flashcards/api/edit-deck";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { ApiProblem } from "@/lib/api/problem";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

type Form = { name: string; description: string; newPerDay: string; reviewsPerDay: string; retention: number };

const FRESH: Form = { name: "", description: "", newPerDay: "20", reviewsPerDay: "200", retention: 0.9 };

function formOf(deck: Deck | null): Form {
  if (!deck) return FRESH;
  return {
    name: deck.name,
    description: deck.description,
    newPerDay: String(deck.new_per_day),
    reviewsPerDay: String(deck.reviews_per_day),
    retention: deck.desired_retention,
  };
}

/** A new deck, or the name and settings of one, each with what it does. */
export function DeckForm({ deck, onClose }: { deck: Deck | null; onClose: () => void }) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const format = useFormatter();
  const [form, setForm, clear] = useDraft<Form>(deck ? `deck-${deck.id}-${deck.version}` : "deck-new", formOf(deck));
  const [faults, setFaults] = useState<Record<string, string>>({});
  const add = useAddDeck();
  const edit = useEditDeck();
  const change = (part: Partial<Form>) => setForm({ ...form, ...part });

  const refuse = (found: Record<string, string>, place: HTMLFormElement) => {
    setFaults(found);
    requestAnimationFrame(() => place.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  };

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const place = event.currentTarget;
    if (!form.name.trim()) return refuse({ name: t("needName") }, place);
    const fields = {
      name: form.name.trim(),
      description: form.description,
      new_per_day: Number(form.newPerDay),
      reviews_per_day: Number(form.reviewsPerDay),
      desired_retention: form.retention,
    };
    try {
      if (deck) await edit.mutateAsync({ deck, fields });
      else await add.mutateAsync(fields);
      clear();
      tell(deck ? ui("saved") : t("deckAdded", { name: fields.name }));
      onClose();
    } catch (error) {
      if (error instanceof ApiProblem && error.code === "name_taken") refuse({ name: say(error) }, place);
      else if (error instanceof ApiProblem && Object.keys(error.fields).length > 0) refuse(error.fields, place);
      else setFaults({ form: say(error) });
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t(deck ? "deckSettings" : "addDeck")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("name")} fault={faults.name}>
          {(wiring) => <Input {...wiring} value={form.name} maxLength={100} autoFocus onChange={(event) => change({ name: event.target.value })} />}
        </Field>
        <Field label={t("description")} fault={faults.description}>
          {(wiring) => <Textarea {...wiring} rows={2} className="min-h-16" value={form.description} maxLength={2_000} onChange={(event) => change({ description: event.target.value })} />}
        </Field>
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={t("newPerDay")} hint={t("newPerDayHint")} fault={faults.new_per_day}>
            {(wiring) => <Input {...wiring} type="number" inputMode="numeric" min={0} max={9_999} value={form.newPerDay} onChange={(event) => change({ newPerDay: event.target.value })} />}
          </Field>
          <Field label={t("reviewsPerDay")} hint={t("reviewsPerDayHint")} fault={faults.reviews_per_day}>
            {(wiring) => <Input {...wiring} type="number" inputMode="numeric" min={0} max={9_999} value={form.reviewsPerDay} onChange={(event) => change({ reviewsPerDay: event.target.value })} />}
          </Field>
        </div>
        <Field
          label={t("retention", { share: format.number(form.retention, { style: "percent" }) })}
          hint={t("retentionHint")}
          fault={faults.desired_retention}
        >
          {(wiring) => <input {...wiring} type="range" min={0.7} max={0.99} step={0.01} className="h-8 w-full accent-accent" value={form.retention} onChange={(event) => change({ retention: Number(event.target.value) })} />}
        </Field>
        <p className="text-sm text-muted">{t("schedulerHint")}</p>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {faults.form}
        </p>
        <Button type="submit" tone="accent" busy={add.isPending || edit.isPending} className="self-start">
          {deck ? ui("save") : t("addDeck")}
        </Button>
      </form>
    </Dialog>
  );
}
