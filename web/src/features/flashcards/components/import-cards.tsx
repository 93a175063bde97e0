"use client";

import { useState, type ChangeEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useImportTable, type CardTable, type CardTableRow } from "@/features/flashcards/api/card-table";
import { tableText } from "@/features/flashcards/components/table-text";
import { useFaultText } from "@/lib/fault-text";

const LARGEST = 1_000_000;

/** Cards out of a file: first what each row would become, then, if that is right, the cards. */
export function ImportCards({ deck, onClose }: { deck: string; onClose: () => void }) {
  const t = useTranslations("sharing");
  const say = useFaultText();
  const [table, setTable] = useState("");
  const [looked, setLooked] = useState<CardTable | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const bring = useImportTable(deck);

  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    setLooked(null);
    setFault(null);
    if (!file) return;
    if (file.size > LARGEST) return setFault(t("fileTooLarge"));
    try {
      const text = tableText(await file.arrayBuffer());
      if (!text.trim()) return setFault(t("fileEmpty"));
      setTable(text);
      setLooked(await bring.mutateAsync({ table: text, keep: false }));
    } catch (error) {
      setFault(say(error));
    }
  };
  const keep = async () => {
    try {
      const { new: count, duplicate } = await bring.mutateAsync({ table, keep: true });
      tell(t("imported", { count, skipped: duplicate }));
      onClose();
    } catch (error) {
      setFault(say(error));
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("import")} description={t("importText")}>
      <div className="flex flex-col gap-4">
        <Field label={t("file")} hint={t("fileHint")} fault={fault}>
          {(wiring) => (
            <input
              {...wiring}
              type="file"
              accept=".csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
              onChange={choose}
              className="min-h-11 w-full rounded-lg file:mr-3 file:h-10 file:rounded-lg file:border file:border-line file:bg-surface file:px-4 file:text-ink"
            />
          )}
        </Field>
        <p role="status" className="empty:hidden">
          {looked && t("outlook", { count: looked.new, duplicate: looked.duplicate, bad: looked.bad })}
        </p>
        {looked && <Problems rows={looked.problems} />}
        {looked && <Rows rows={looked.rows.filter((row) => row.state !== "bad")} />}
        {looked && (
          <Button tone="accent" className="self-start" disabled={looked.new === 0} busy={bring.isPending} onClick={keep}>
            {t("addCards", { count: looked.new })}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function Problems({ rows }: { rows: CardTableRow[] }) {
  const t = useTranslations("sharing");
  if (rows.length === 0) return null;
  return (
    <ul aria-label={t("problems")} className="flex flex-col gap-1 rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
      {rows.map((row) => (
        <li key={row.number}>{t("problem", { number: row.number, problem: row.problem ?? "" })}</li>
      ))}
    </ul>
  );
}

function Rows({ rows }: { rows: CardTableRow[] }) {
  const t = useTranslations("sharing");
  if (rows.length === 0) return null;
  return (
    <ul aria-label={t("preview")} className="flex flex-col divide-y divide-line">
      {rows.map((row) => (
        <li key={row.number} className="py-2">
          <p className="font-medium [overflow-wrap:anywhere]">{row.front}</p>
          <p className="text-sm text-muted [overflow-wrap:anywhere]">{row.state === "duplicate" ? t("skipped") : row.back}</p>
        </li>
      ))}
    </ul>
  );
}
