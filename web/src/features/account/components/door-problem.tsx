"use client";

import { useTranslations } from "use-intl";
import { ENTRY_WORDS } from "@/features/account/components/words";
import { Words } from "@/lib/i18n/words";

/** Why somebody who came back from Google stands before the door, by the code that the server sends. */
export default function DoorProblem({ code }: { code: string }) {
  return (
    <Words of={ENTRY_WORDS}>
      <Sentence code={code} />
    </Words>
  );
}

function Sentence({ code }: { code: string }) {
  const t = useTranslations("entry");
  const faults = useTranslations("faults");
  const key = `problems.${code}`;
  const known = t.has(key) ? t(key) : faults.has(code) ? faults(code) : t("problem");
  return (
    <p role="alert" className="rounded-lg bg-bad-soft px-4 py-3 text-[0.95rem] text-bad">
      {known}
    </p>
  );
}
