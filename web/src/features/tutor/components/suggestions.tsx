"use client";

import { useTranslations } from "use-intl";

type Props = { label: string; concepts: string[]; onAsk: (question: string) => void };

/** Questions about concepts, each asked by one press. */
export function Suggestions({ label, concepts, onAsk }: Props) {
  const t = useTranslations("tutor");
  if (concepts.length === 0) return null;
  return (
    <ul aria-label={label} className="flex flex-wrap justify-center gap-2 print:hidden">
      {concepts.map((concept) => (
        <li key={concept} className="max-w-full">
          <button
            type="button"
            onClick={() => onAsk(t("suggestion", { concept }))}
            className="min-h-10 max-w-full rounded-full border border-line bg-surface px-4 py-2 text-left text-[0.95rem] hover:border-accent [overflow-wrap:anywhere]"
          >
            {t("suggestion", { concept })}
          </button>
        </li>
      ))}
    </ul>
  );
}
