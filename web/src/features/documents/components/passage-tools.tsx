"use client";

import { Layers, MessagesSquare } from "lucide-react";
import dynamic from "next/dynamic";
import { useState, type RefObject } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useSelected } from "@/features/documents/components/use-selected";
import { useRouter } from "@/lib/nav";

const PassageCard = dynamic(() => import("@/features/documents/components/passage-card").then((module) => module.PassageCard), { ssr: false });

const LONGEST = 1_000;

/** What can be done with selected words of a document: ask about them, or make a card of them. */
export function PassageTools({ document, place }: { document: string; place: RefObject<HTMLElement | null> }) {
  const t = useTranslations("documents");
  const router = useRouter();
  const selected = useSelected(place).slice(0, LONGEST);
  const [passage, setPassage] = useState<string | null>(null);
  const ask = () => router.push(`/ai-tutor?${new URLSearchParams({ doc: document, q: t("askAbout", { passage: selected }) })}`);
  return (
    <>
      {selected && passage === null && (
        <div
          role="toolbar"
          aria-label={t("passageTools")}
          // Pressing here must not take the selection away.
          onMouseDown={(event) => event.preventDefault()}
          className="fixed inset-x-3 bottom-20 z-20 mx-auto flex w-fit animate-in gap-2 rounded-card border border-line bg-surface p-2 shadow-raised md:bottom-6 print:hidden"
        >
          <Button size="small" onClick={ask}>
            <MessagesSquare aria-hidden /> {t("askPassage")}
          </Button>
          <Button size="small" onClick={() => setPassage(selected)}>
            <Layers aria-hidden /> {t("cardOfPassage")}
          </Button>
        </div>
      )}
      {passage !== null && <PassageCard passage={passage} onClose={() => setPassage(null)} />}
    </>
  );
}
