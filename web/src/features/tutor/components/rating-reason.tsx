"use client";

import { useEffect, useRef, type FormEvent, type KeyboardEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Input } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { BAD, LONGEST_REASON, useRate } from "@/features/tutor/api/rate";
import type { Message } from "@/features/tutor/api/tutor";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

/** What was wrong with an answer that did not help, for whoever likes to say. */
export default function RatingReason({ message, onClose }: { message: Message; onClose: () => void }) {
  const t = useTranslations("tutor");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const rate = useRate();
  const field = useRef<HTMLInputElement>(null);
  const [reason, setReason, clear] = useDraft(`reason-${message.id}`, message.feedback_reason ?? "");
  useEffect(() => field.current?.focus(), []);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (reason.trim() === (message.feedback_reason ?? "")) return onClose();
    rate.mutate(
      { message, rating: BAD, reason: reason.trim() },
      {
        onSuccess: () => {
          clear();
          tell(t("reasonKept"));
          onClose();
        },
        onError: (error) => tell(say(error), { tone: "bad" }),
      },
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    onClose();
  };
  return (
    <form onSubmit={submit} onKeyDown={onKeyDown} className="flex w-full flex-wrap items-end gap-2 pt-1">
      <Field label={t("whatWasWrong")} className="min-w-48 flex-1">
        {(wiring) => <Input {...wiring} ref={field} maxLength={LONGEST_REASON} value={reason} onChange={(event) => setReason(event.target.value)} />}
      </Field>
      <Button type="submit" className="h-11" busy={rate.isPending}>
        {t("sendReason")}
      </Button>
      <Button tone="quiet" className="h-11" onClick={onClose}>
        {ui("cancel")}
      </Button>
    </form>
  );
}
