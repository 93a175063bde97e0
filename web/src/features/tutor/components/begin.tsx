"use client";

import { FileUp, MessagesSquare } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";
import { useSources } from "@/features/tutor/api/sources";
import { Suggestions } from "@/features/tutor/components/suggestions";
import { openings } from "@/features/tutor/state/openings";

type Props = { about: string[]; onAsk: (question: string) => void };

/** A conversation without a word yet: what can be asked, out of what the documents speak of. */
export function Begin({ about, onAsk }: Props) {
  const t = useTranslations("tutor");
  const sources = useSources("");
  const asked = sources.data?.filter((source) => about.length === 0 || about.includes(source.id)) ?? [];
  const concepts = openings(asked);
  const bare = sources.data?.length === 0;
  return (
    <>
      <EmptyState
        icon={MessagesSquare}
        title={t("emptyTitle")}
        action={
          bare && (
            <Button asChild tone="accent">
              <Link href="/documents" prefetch={false}>
                <FileUp aria-hidden /> {t("upload")}
              </Link>
            </Button>
          )
        }
      >
        {t("emptyText")}
      </EmptyState>
      <Suggestions label={t("suggestions")} concepts={concepts} onAsk={onAsk} />
    </>
  );
}
