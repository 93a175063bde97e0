"use client";

import Link from "next/link";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Select, Textarea } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { useDeckChoices, useMakeCard } from "@/features/documents/api/make-card";
import { useFaultText } from "@/lib/fault-text";

type Props = { passage: string; onClose: () => void };

/** A card whose back is a passage: what it asks, and the deck that it goes into. */
export function PassageCard({ passage, onClose }: Props) {
  const t = useTranslations("documents");
  const decks = useDeckChoices();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("cardOfPassage")}>
      {decks.isPending && <ListSkeleton rows={2} />}
      {decks.isError && <ErrorState error={decks.error} onRetry={() => void decks.refetch()} />}
      {decks.data?.length === 0 && (
        <Link href="/flashcards" prefetch={false} className="font-medium text-accent underline underline-offset-4">
          {t("noDeck")}
        </Link>
      )}
      {decks.data && decks.data.length > 0 && <CardForm passage={passage} decks={decks.data} onClose={onClose} />}
    </Dialog>
  );
}

function CardForm({ passage, decks, onClose }: Props & { decks: { id: string; name: string }[] }) {
  const t = useTranslations("documents");
  const say = useFaultText();
  const [deck, setDeck] = useState(decks[0]!.id);
  const [front, setFront] = useState("");
  const [back, setBack] = useState(passage);
  const [fault, setFault] = useState<string | null>(null);
  const make = useMakeCard();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!front.trim() || !back.trim()) return setFault(t("needBoth"));
    try {
      await make.mutateAsync({ deck, front, back });
      tell(t("cardMade", { name: decks.find(({ id }) => id === deck)?.name ?? "" }));
      onClose();
    } catch (error) {
      setFault(say(error));
    }
  };

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      <Field label={t("cardFront")} fault={fault}>
        {(wiring) => <Textarea {...wiring} rows={2} maxLength={5_000} value={front} onChange={(event) => setFront(event.target.value)} />}
      </Field>
      <Field label={t("cardBack")}>
        {(wiring) => <Textarea {...wiring} rows={4} maxLength={20_000} value={back} onChange={(event) => setBack(event.target.value)} />}
      </Field>
      <Field label={t("cardDeck")}>
        {(wiring) => (
          <Select {...wiring} value={deck} onChange={(event) => setDeck(event.target.value)}>
            {decks.map(({ id, name }) => (
              <option key={id} value={id}>
                {name}
              </option>
            ))}
          </Select>
        )}
      </Field>
      <Button type="submit" tone="accent" className="self-start" busy={make.isPending}>
        {t("addCard")}
      </Button>
    </form>
  );
}
