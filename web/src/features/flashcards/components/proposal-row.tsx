"use client";

import { Check, Pencil, X } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Field, Textarea } from "@/components/ui/field";
import type { Proposal } from "@/features/flashcards/api/flashcards";
import { useSameFront } from "@/features/flashcards/api/list-cards";
import { CardText } from "@/features/flashcards/components/card-text";
import { SourceLink } from "@/features/flashcards/components/source-link";
import { useDraft } from "@/lib/drafts";

type Texts = { front: string; back: string };
type Props = { proposal: Proposal; busy: boolean; /** Whether it worked. */ onAccept: (texts?: Texts) => Promise<boolean>; onReject: () => Promise<void> };

/** One proposed card with the words it rests on: taken as it is, changed first, or turned down. */
export function ProposalRow({ proposal, busy, onAccept, onReject }: Props) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const [editing, setEditing] = useState(false);
  const same = useSameFront(proposal.deck_id, proposal.front);
  if (editing) return <Editor proposal={proposal} busy={busy} onAccept={onAccept} onCancel={() => setEditing(false)} />;
  return (
    <li className="flex flex-col gap-2 rounded-card border border-line bg-surface px-4 py-3 sm:px-5">
      <CardText text={proposal.front} className="font-medium" />
      <CardText text={proposal.back} />
      {proposal.source.text && <blockquote className="border-l-2 border-line pl-3 text-sm text-muted [overflow-wrap:anywhere]">{proposal.source.text}</blockquote>}
      {same && <p className="text-sm text-warn">{t("sameFront")}</p>}
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1">
          <SourceLink source={proposal.source} />
        </div>
        <Button size="small" tone="quiet" busy={busy} onClick={() => void onReject()}>
          <X aria-hidden /> {t("reject")}
        </Button>
        <Button size="small" onClick={() => setEditing(true)}>
          <Pencil aria-hidden /> {ui("edit")}
        </Button>
        <Button size="small" tone="accent" busy={busy} onClick={() => void onAccept()}>
          <Check aria-hidden /> {t("accept")}
        </Button>
      </div>
    </li>
  );
}

type EditorProps = Pick<Props, "proposal" | "busy" | "onAccept"> & { onCancel: () => void };

function Editor({ proposal, busy, onAccept, onCancel }: EditorProps) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const [form, setForm, clear] = useDraft<Texts>(`proposal-${proposal.id}`, { front: proposal.front, back: proposal.back });
  const [fault, setFault] = useState<Partial<Texts>>({});
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!form.front.trim()) return setFault({ front: t("needFront") });
    if (!form.back.trim()) return setFault({ back: t("needBack") });
    if (await onAccept(form)) clear();
  };
  return (
    <li className="rounded-card border border-accent bg-surface px-4 py-3 sm:px-5">
      <form noValidate onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t("front")} fault={fault.front}>
          {(wiring) => <Textarea {...wiring} autoFocus rows={2} maxLength={5_000} value={form.front} onChange={(event) => setForm({ ...form, front: event.target.value })} />}
        </Field>
        <Field label={t("back")} fault={fault.back}>
          {(wiring) => <Textarea {...wiring} rows={3} maxLength={20_000} value={form.back} onChange={(event) => setForm({ ...form, back: event.target.value })} />}
        </Field>
        <div className="flex gap-2">
          <Button type="submit" size="small" tone="accent" busy={busy}>
            {t("accept")}
          </Button>
          <Button size="small" onClick={onCancel}>
            {ui("cancel")}
          </Button>
        </div>
      </form>
    </li>
  );
}
