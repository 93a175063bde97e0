"use client";

import { BookOpenText, Check, Layers, MessagesSquare, X } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useHasCards } from "@/features/today/api/has-cards";
import { useHasThreads } from "@/features/today/api/has-threads";
import { useRecentDocuments } from "@/features/today/api/list-documents";
import { cn } from "@/lib/cn";

const STEPS = [
  { name: "upload", href: "/documents", icon: BookOpenText },
  { name: "ask", href: "/ai-tutor", icon: MessagesSquare },
  { name: "cards", href: "/flashcards", icon: Layers },
] as const;

function useDismissed(key: string): [boolean, () => void] {
  const [dismissed, setDismissed] = useState(() => {
    try {
      return localStorage.getItem(key) === "off";
    } catch {
      return false;
    }
  });
  const dismiss = () => {
    setDismissed(true);
    try {
      localStorage.setItem(key, "off");
    } catch {
      // Without storage they are back on the next visit.
    }
  };
  return [dismissed, dismiss];
}

/** The three steps of a new account; gone for good once they are done or sent away. */
export function FirstSteps({ person }: { person: string }) {
  const [dismissed, dismiss] = useDismissed(`first-steps:${person}`);
  return dismissed ? null : <Steps onDismiss={dismiss} />;
}

function Steps({ onDismiss }: { onDismiss: () => void }) {
  const t = useTranslations("today");
  const documents = useRecentDocuments();
  const threads = useHasThreads();
  const cards = useHasCards();
  if (!documents.isSuccess || !threads.isSuccess || !cards.isSuccess) return null;
  const done = { upload: documents.data.items.length > 0, ask: threads.data, cards: cards.data };
  const next = STEPS.find((step) => !done[step.name]);
  if (!next) return null;
  return (
    <section aria-labelledby="first-steps" className="rounded-card border border-accent/40 bg-accent-soft p-5">
      <div className="flex items-start gap-3">
        <div className="min-w-0 flex-1">
          <h2 id="first-steps" className="text-lg font-semibold">
            {t("steps.title")}
          </h2>
          <p className="text-[0.95rem]">{t("steps.lead")}</p>
        </div>
        <Button tone="quiet" size="icon" aria-label={t("steps.dismiss")} className="-mr-2 -mt-2" onClick={onDismiss}>
          <X aria-hidden />
        </Button>
      </div>
      <ol className="mt-4 flex flex-col gap-2">
        {STEPS.map(({ name, href, icon: Icon }) => (
          <li key={name} className="flex flex-wrap items-center gap-x-3 gap-y-1 rounded-lg bg-surface px-4 py-3">
            {done[name] ? (
              <Check className="size-5 text-good" aria-label={t("steps.done")} role="img" />
            ) : (
              <Icon className="size-5 text-accent" aria-hidden />
            )}
            <span className={cn("min-w-0 flex-1 basis-48", done[name] && "text-muted line-through")}>{t(`steps.${name}`)}</span>
            {!done[name] && (
              <Button asChild size="small" tone={next.name === name ? "accent" : "plain"}>
                <Link href={href} prefetch={false}>
                  {t(`steps.${name}Do`)}
                </Link>
              </Button>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
