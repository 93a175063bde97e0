"use client";

import { Plus, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input, Select, Textarea } from "@/components/ui/field";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useDeckChoices, useSaveCards } from "@/features/tutor/api/decks";
import type { CardText } from "@/features/tutor/api/tutor";
import { cardsFrom } from "@/features/tutor/state/cards";
import { useFaultText } from "@/lib/fault-text";

type Props = { question: string; answer: string; onClose: () => void };

/** Cards of an answer, looked through and edited before any is kept. */
export function MakeCards({ question, answer, onClose }: Props) {
  const t = useTranslations("tutor");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const decks = useDeckChoices();
  const save = useSaveCards();
  const [cards, setCards] = useState<CardText[]>(() => cardsFrom(question, answer));
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const deck = chosen ?? decks.data?.[0]?.id ?? "";
  const change = (number: number, part: Partial<CardText>) =>
    setCards(cards.map((card, place) => (place === number ? { ...card, ...part } : card)));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = cards.map(({ front, back }) => ({ front: front.trim(), back: back.trim() }));
    if (wanted.length === 0 || wanted.some(({ front, back }) => !front || !back)) return setFault(t("needBoth"));
    if (!deck && !name.trim()) return setFault(t("needDeck"));
    save.mutate(
      { deck, name: name.trim(), cards: wanted },
      {
        onSuccess: () => {
          tell(t("cardsSaved", { count: wanted.length }));
          onClose();
        },
        onError: (error) => setFault(say(error)),
      },
    );
  };

  return (
    <Dialog shape="sheet" open onOpenChange={(open) => !open && onClose()} title={t("makeCards")} description={t("cardsHint")}>
      {decks.isPending && <ListSkeleton />}
      {decks.isError && <ErrorState error={decks.error} onRetry={() => void decks.refetch()} />}
      {decks.data && (
        <form noValidate onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t("deck")}>
            {(wiring) => (
              <Select {...wiring} value={deck} onChange={(event) => setChosen(event.target.value)}>
                {decks.data.map((one) => (
                  <option key={one.id} value={one.id}>
                    {one.name}
                  </option>
                ))}
                <option value="">{t("newDeck")}</option>
              </Select>
            )}
          </Field>
          {!deck && (
            <Field label={t("deckName")}>
              {(wiring) => <Input {...wiring} value={name} maxLength={100} onChange={(event) => setName(event.target.value)} />}
            </Field>
          )}
          {cards.map((card, number) => (
            <fieldset key={number} className="flex flex-col gap-3 rounded-card border border-line p-4">
              <legend className="px-1 text-sm text-muted">{t("card", { number: number + 1 })}</legend>
              <Field label={t("front")}>
                {(wiring) => <Textarea {...wiring} className="min-h-16" maxLength={5_000} value={card.front} onChange={(event) => change(number, { front: event.target.value })} />}
              </Field>
              <Field label={t("back")}>
                {(wiring) => <Textarea {...wiring} maxLength={20_000} value={card.back} onChange={(event) => change(number, { back: event.target.value })} />}
              </Field>
              <Button tone="quiet" size="small" className="self-end" onClick={() => setCards(cards.filter((_, place) => place !== number))}>
                <Trash2 aria-hidden /> {t("dropCard")}
              </Button>
            </fieldset>
          ))}
          <Button size="small" className="self-start" onClick={() => setCards([...cards, { front: "", back: "" }])}>
            <Plus aria-hidden /> {t("oneMore")}
          </Button>
          <p role="alert" className="text-sm text-bad empty:hidden">
            {fault}
          </p>
          <Button type="submit" tone="accent" busy={save.isPending} className="self-start">
            {ui("save")}
          </Button>
        </form>
      )}
    </Dialog>
  );
}
