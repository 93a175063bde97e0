"use client";

import { useRef, useState, type ChangeEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useImportCards, type CardFile, type CardTableRow, type Outlook } from "@/features/flashcards/api/card-table";
import { tableText } from "@/features/flashcards/components/table-text";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

const LARGEST_TABLE = 1_000_000;
const LARGEST_PACKAGE = 100 * 1024 * 1024;
const PACKAGE = /\.(apkg|colpkg)$/i;

/** Cards out of a file: first what each row would become, then, if that is right, the cards. */
export function ImportCards({ deck, onClose }: { deck: string; onClose: () => void }) {
  const t = useTranslations("sharing");
  const say = useFaultText();
  const [source, setSource] = useState<CardFile | null>(null);
  const [looked, setLooked] = useState<Outlook | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [sent, setSent] = useState(0);
  // What is learned of a file counts only while it is the chosen one.
  const chosenNow = useRef<File | undefined>(undefined);
  const bring = useImportCards(deck, setSent);

  const refusal = (error: unknown) => {
    const key = `refused.${error instanceof ApiProblem ? error.code : ""}` as "refused.too_many_rows";
    return t.has(key) ? t(key) : say(error);
  };
  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0];
    chosenNow.current = file;
    setLooked(null);
    setFault(null);
    if (!file) return;
    const isPackage = PACKAGE.test(file.name);
    setSent(isPackage ? 0 : 1);
    if (file.size > (isPackage ? LARGEST_PACKAGE : LARGEST_TABLE)) return setFault(t(isPackage ? "packageTooLarge" : "fileTooLarge"));
    if (file.size === 0) return setFault(t("fileEmpty"));
    try {
      const chosen: CardFile = isPackage ? { file } : { table: tableText(await file.arrayBuffer()) };
      if ("table" in chosen && !chosen.table.trim()) return setFault(t("fileEmpty"));
      const outlook = await bring.mutateAsync({ source: chosen, keep: false });
      if (chosenNow.current !== file) return;
      setSource(chosen);
      setLooked(outlook);
    } catch (error) {
      if (chosenNow.current === file) setFault(refusal(error));
    }
  };
  const keep = async () => {
    if (!source) return;
    try {
      const { new: count, duplicate } = await bring.mutateAsync({ source, keep: true });
      tell(t("imported", { count, skipped: duplicate }));
      onClose();
    } catch (error) {
      setFault(refusal(error));
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
              accept=".apkg,.colpkg,.csv,.tsv,.txt,text/csv,text/tab-separated-values,text/plain"
              onChange={choose}
              className="min-h-11 w-full rounded-lg file:mr-3 file:h-10 file:rounded-lg file:border file:border-line file:bg-surface file:px-4 file:text-ink"
            />
          )}
        </Field>
        <p role="status" className="empty:hidden">
          {looked && t("outlook", { count: looked.new, duplicate: looked.duplicate, bad: looked.bad })}
          {!looked && bring.isPending && (sent < 1 ? t("sending", { sent }) : t("looking"))}
        </p>
        {looked?.without_media !== undefined && <LeftBehind count={looked.without_media} />}
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

/** What of a package does not come along. */
function LeftBehind({ count }: { count: number }) {
  const t = useTranslations("sharing");
  return (
    <p className="text-sm text-muted">
      {t("asNew")} {count > 0 && t("withoutMedia", { count })}
    </p>
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
