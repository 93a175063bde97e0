"use client";

import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Textarea } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useFinish } from "@/features/study-sessions/api/finish";
import type { Session } from "@/features/study-sessions/api/sessions";
import { wholeMinutes } from "@/features/study-sessions/components/plan";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

type Props = { session: Session; onClose: () => void; onFinished: () => void };

/** How it went, in a number and in words; both may be left out. */
export function FinishDialog({ session, onClose, onFinished }: Props) {
  const t = useTranslations("study");
  const say = useFaultText();
  const finish = useFinish(session);
  const [words, setWords, clear] = useDraft(`finish-${session.id}`, { score: "", notes: "" });
  const [fault, setFault] = useState<string | null>(null);

  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (finish.isPending) return;
    const score = words.score.trim() === "" ? undefined : wholeMinutes(words.score, 0, 100);
    if (score === null) {
      setFault(t("badScore"));
      event.currentTarget.querySelector<HTMLInputElement>("[name=score]")?.focus();
      return;
    }
    setFault(null);
    const said = { ...(score === undefined ? {} : { focus_score: score }), ...(words.notes.trim() ? { notes: words.notes } : {}) };
    try {
      const { worked_seconds } = await finish.mutateAsync(said);
      clear();
      tell(t("logged", { minutes: Math.round(worked_seconds / 60) }));
      onFinished();
    } catch {
      // What was refused stands above the fields.
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("finishTitle")} description={t("finishText")}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        {finish.isError && (
          <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-bad">
            {say(finish.error)}
          </p>
        )}
        <Field label={t("score")} hint={t("scoreHint")} fault={fault}>
          {(wiring) => (
            <Input
              {...wiring}
              name="score"
              inputMode="numeric"
              autoComplete="off"
              value={words.score}
              onChange={(event) => setWords({ ...words, score: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("notes")}>
          {(wiring) => (
            <Textarea
              {...wiring}
              maxLength={5_000}
              value={words.notes}
              onChange={(event) => setWords({ ...words, notes: event.target.value })}
            />
          )}
        </Field>
        <Button type="submit" tone="accent" size="large" busy={finish.isPending}>
          {t("log")}
        </Button>
      </form>
    </Dialog>
  );
}
