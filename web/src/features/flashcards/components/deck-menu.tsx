"use client";

import { Download, Ellipsis, Printer, Upload } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Menu } from "@/components/ui/menu";
import { tell } from "@/components/ui/notes";
import { downloadTable } from "@/features/flashcards/api/card-table";
import type { Deck } from "@/features/flashcards/api/flashcards";
import { useFaultText } from "@/lib/fault-text";
import { useRouter } from "@/lib/nav";

/** What is seldom wanted of a deck: its cards as a file or on paper, and cards from a file. */
export function DeckMenu({ deck, onImport }: { deck: Deck; onImport: () => void }) {
  const t = useTranslations("sharing");
  const say = useFaultText();
  const router = useRouter();
  const take = () => void downloadTable(deck).catch((error) => tell(say(error), { tone: "bad" }));
  return (
    <Menu
      trigger={
        <Button tone="quiet" size="icon" aria-label={t("more")}>
          <Ellipsis aria-hidden />
        </Button>
      }
      choices={[
        { label: <><Upload className="size-4" aria-hidden /> {t("import")}</>, onSelect: onImport },
        { label: <><Download className="size-4" aria-hidden /> {t("export")}</>, onSelect: take },
        { label: <><Printer className="size-4" aria-hidden /> {t("print")}</>, onSelect: () => router.push(`/flashcards?deck=${deck.id}&view=print`) },
      ]}
    />
  );
}
