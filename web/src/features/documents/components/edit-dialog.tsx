"use client";

import { useId, useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import type { Document } from "@/features/documents/api/documents";
import { useEditDocument } from "@/features/documents/api/edit";
import { useSubjects } from "@/features/documents/api/subjects";
import { ApiProblem } from "@/lib/api/problem";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

type Form = { title: string; subject: string };

/** Title and subject of a document. */
export function EditDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const t = useTranslations("documents");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const known = useSubjects();
  const list = useId();
  const title = useRef<HTMLInputElement>(null);
  const initial = { title: document.title, subject: document.subject ?? "" };
  const [form, setForm, clear] = useDraft<Form>(`document-${document.id}-${document.version}`, initial);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const edit = useEditDocument(document);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!form.title.trim()) {
      title.current?.focus();
      return setFaults({ title: t("needTitle") });
    }
    try {
      await edit.mutateAsync({ title: form.title.trim(), subject: form.subject.trim() || null });
      clear();
      tell(ui("saved"));
      onClose();
    } catch (error) {
      setFaults(error instanceof ApiProblem && Object.keys(error.fields).length > 0 ? error.fields : { form: say(error) });
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("editTitle")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("title")} fault={faults.title}>
          {(wiring) => (
            <Input
              {...wiring}
              ref={title}
              dir="auto"
              value={form.title}
              maxLength={255}
              onChange={(event) => setForm({ ...form, title: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("subject")} hint={t("subjectHint")} fault={faults.subject}>
          {(wiring) => (
            <Input
              {...wiring}
              dir="auto"
              list={list}
              value={form.subject}
              maxLength={100}
              onChange={(event) => setForm({ ...form, subject: event.target.value })}
            />
          )}
        </Field>
        <datalist id={list}>
          {known.data?.map((subject) => (
            <option key={subject} value={subject} />
          ))}
        </datalist>
        <p role="alert" className="text-sm text-bad empty:hidden">
          {faults.form}
        </p>
        <Button type="submit" tone="accent" className="self-start" busy={edit.isPending}>
          {ui("save")}
        </Button>
      </form>
    </Dialog>
  );
}
