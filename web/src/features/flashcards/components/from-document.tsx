"use client";

import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select } from "@/components/ui/field";
import { useAddDeck } from "@/features/flashcards/api/add-deck";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { useReadyDocuments } from "@/features/flashcards/api/list-documents";
import { useFaultText } from "@/lib/fault-text";
import { useChangeParams } from "@/lib/nav";

const LONGEST_NAME = 100;

/** Which deck shall get the cards of a document; its proposals are asked for there. */
export function FromDocument({ document, decks }: { document: string; decks: Deck[] }) {
  const t = useTranslations("flashcards");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const change = useChangeParams();
  const documents = useReadyDocuments("");
  const title = documents.data?.items.find((one) => one.id === document)?.title;
  const add = useAddDeck();
  const [chosen, setChosen] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const deck = chosen ?? decks[0]?.id ?? "";
  const name = typed ?? title?.slice(0, LONGEST_NAME) ?? "";

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!deck && !name.trim()) return;
    try {
      const into = deck || (await add.mutateAsync({ name: name.trim() })).id;
      change({ deck: into, view: "proposals" }, { replace: true });
    } catch {
      // What was wrong stands below the fields.
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && change({ from: null }, { replace: true })} title={t("fromDocumentTitle")} description={title}>
      <form noValidate onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("intoDeck")}>
          {(wiring) => (
            <Select {...wiring} value={deck} onChange={(event) => setChosen(event.target.value)}>
              {decks.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
              <option value="">{t("aNewDeck")}</option>
            </Select>
          )}
        </Field>
        {!deck && (
          <Field label={t("name")}>
            {(wiring) => <Input {...wiring} value={name} maxLength={LONGEST_NAME} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        )}
        <p role="alert" className="text-sm text-bad empty:hidden">
          {add.isError ? say(add.error) : ""}
        </p>
        <Button type="submit" tone="accent" busy={add.isPending} className="self-start">
          {ui("next")}
        </Button>
      </form>
    </Dialog>
  );
}
