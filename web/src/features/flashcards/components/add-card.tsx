"use client";

import { useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { useAddCard } from "@/features/flashcards/api/add-card";
import { useSameFront } from "@/features/flashcards/api/list-cards";
import { tagsOf } from "@/features/flashcards/components/tags";
import { useSettled } from "@/lib/settled";
import { ApiProblem } from "@/lib/api/problem";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

const EMPTY = { front: "", back: "", tags: "" };

/** A new card, and the next one: the form stays, with the tags, until it is closed. */
export function AddCard({ deck, onClose }: { deck: string; onClose: () => void }) {
  const t = useTranslations("flashcards");
  const say = useFaultText();
  const [form, setForm] = useDraft(`card-new-${deck}`, EMPTY);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const [added, setAdded] = useState(0);
  const front = useRef<HTMLTextAreaElement>(null);
  const place = useRef<HTMLFormElement>(null);
  const add = useAddCard(deck);
  const same = useSameFront(deck, useSettled(form.front));

  const refuse = (found: Record<string, string>) => {
    setFaults(found);
    requestAnimationFrame(() => place.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (add.isPending) return;
    const empty = { ...(form.front.trim() ? {} : { front: t("needFront") }), ...(form.back.trim() ? {} : { back: t("needBack") }) };
    if (Object.keys(empty).length > 0) return refuse(empty);
    setFaults({});
    try {
      await add.mutateAsync({ front: form.front, back: form.back, tags: tagsOf(form.tags) });
      setForm({ ...EMPTY, tags: form.tags });
      setAdded(added + 1);
      front.current?.focus();
    } catch (error) {
      const named = error instanceof ApiProblem && Object.keys(error.fields).length > 0;
      refuse(named ? error.fields : { form: say(error) });
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("addCard")} description={t("addCardText")}>
      <form
        ref={place}
        noValidate
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void submit(event);
        }}
        className="flex flex-col gap-4"
      >
        <Field label={t("front")} hint={same ? t("sameFront") : undefined} fault={faults.front}>
          {(wiring) => <Textarea {...wiring} ref={front} autoFocus rows={3} maxLength={5_000} value={form.front} onChange={(event) => setForm({ ...form, front: event.target.value })} />}
        </Field>
        <Field label={t("back")} fault={faults.back}>
          {(wiring) => <Textarea {...wiring} rows={4} maxLength={20_000} value={form.back} onChange={(event) => setForm({ ...form, back: event.target.value })} />}
        </Field>
        <Field label={t("tags")} hint={t("tagsHint")} fault={faults.tags}>
          {(wiring) => <Input {...wiring} value={form.tags} onChange={(event) => setForm({ ...form, tags: event.target.value })} />}
        </Field>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {faults.form}
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" tone="accent" busy={add.isPending} title="Ctrl+Enter">
            {t("addCard")}
          </Button>
          <p role="status" className="text-sm text-good empty:hidden">
            {added > 0 ? t("cardsAdded", { count: added }) : ""}
          </p>
        </div>
      </form>
    </Dialog>
  );
}
