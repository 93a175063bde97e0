"use client";

import { CircleCheck } from "lucide-react";
import dynamic from "next/dynamic";
import type { KeyboardEvent, Ref } from "react";
import { useTranslations } from "use-intl";
import { Field, Input } from "@/components/ui/field";
import { isRight } from "@/features/flashcards/sitting/typed-answers";

const Comparison = dynamic(() => import("@/features/flashcards/components/comparison"), { ssr: false });

type Props = { typed: string; onType: (text: string) => void; onReveal: () => void; ref: Ref<HTMLInputElement> };

/** Where the answer is typed; Enter shows whether it was right. */
export function AnswerField({ typed, onType, onReveal, ref }: Props) {
  const t = useTranslations("flashcards");
  const onKeyDown = (event: KeyboardEvent) => {
    // The Enter that ends a word of an input method shows nothing.
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onReveal();
  };
  return (
    <Field label={t("yourAnswer")} hideLabel className="mx-auto w-full max-w-md">
      {(wiring) => (
        <Input
          {...wiring}
          ref={ref}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="done"
          placeholder={t("yourAnswer")}
          value={typed}
          onChange={(event) => onType(event.target.value)}
          onKeyDown={onKeyDown}
        />
      )}
    </Field>
  );
}

/** How what was typed compares with what was expected. */
export function TypedAnswer({ typed, expected }: { typed: string; expected: string }) {
  const t = useTranslations("flashcards");
  if (!typed.trim()) return null;
  return (
    <div role="status" className="text-center">
      {isRight(typed, expected) ? (
        <p className="inline-flex items-center gap-2 font-medium text-good">
          <CircleCheck className="size-5" aria-hidden /> {t("typedRight")}
        </p>
      ) : (
        <Comparison typed={typed.trim()} expected={expected} />
      )}
    </div>
  );
}
