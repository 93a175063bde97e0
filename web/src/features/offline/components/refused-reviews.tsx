"use client";

import { useState } from "react";
import { useFormatter, useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Skeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useCard } from "@/features/offline/api/get-card";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";
import { discard, sendAnyway } from "@/lib/reviews/outbox";
import type { Waiting } from "@/lib/reviews/outbox-store";

/** Grades given without the server that it did not take: the student says of each what becomes of it. */
export function RefusedReviews({ reviews, onClose }: { reviews: Waiting[]; onClose: () => void }) {
  const t = useTranslations("offline");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("refusedTitle")} description={t("refusedText")}>
      <ul aria-label={t("refusedTitle")} className="flex flex-col divide-y divide-line">
        {reviews.map((review) => (
          <Refused key={review.key} review={review} />
        ))}
      </ul>
    </Dialog>
  );
}

function Refused({ review }: { review: Waiting }) {
  const t = useTranslations("offline");
  const ratings = useTranslations("flashcards.ratings");
  const say = useFaultText();
  const format = useFormatter();
  const card = useCard(review.card);
  const [busy, setBusy] = useState(false);
  const isGone = card.error instanceof ApiProblem && card.error.status === 404;
  const act = async (work: (review: Waiting) => Promise<void>) => {
    setBusy(true);
    try {
      await work(review);
    } catch (error) {
      tell(say(error), { tone: "bad" });
    }
    setBusy(false);
  };
  return (
    <li className="py-3 first:pt-0 last:pb-0">
      {card.isPending ? (
        <Skeleton className="h-6" />
      ) : (
        <p className="line-clamp-3 [overflow-wrap:anywhere]">{card.data?.front ?? t(isGone ? "cardGone" : "cardUnknown")}</p>
      )}
      <p className="text-sm text-muted">
        {t("graded", {
          rating: ratings(review.rating),
          when: format.dateTime(new Date(review.at), { day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }),
        })}
      </p>
      <div className="mt-2 flex flex-wrap gap-2">
        {card.data && (
          <Button size="small" tone="accent" busy={busy} onClick={() => void act(sendAnyway)}>
            {t("countIt")}
          </Button>
        )}
        <Button size="small" busy={busy} onClick={() => void act(discard)}>
          {t("dropIt")}
        </Button>
      </div>
    </li>
  );
}
