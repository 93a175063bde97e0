"use client";

import { Sparkles } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState, ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useAcceptProposals } from "@/features/flashcards/api/accept-proposals";
import type { Proposal } from "@/features/flashcards/api/flashcards";
import { useProposals } from "@/features/flashcards/api/list-proposals";
import { useRejectProposals } from "@/features/flashcards/api/reject-proposals";
import { ProposalRow } from "@/features/flashcards/components/proposal-row";
import { RequestProposals } from "@/features/flashcards/components/request-proposals";
import { useFaultText } from "@/lib/fault-text";

/** Cards that were written from documents and wait for a decision. */
export function Proposals({ deck }: { deck: string }) {
  const t = useTranslations("flashcards");
  const say = useFaultText();
  const list = useProposals(deck);
  const accept = useAcceptProposals();
  const reject = useRejectProposals();
  const all = (list.data?.pages ?? []).flatMap((page) => page.items);
  const busy = accept.isPending || reject.isPending;
  const failed = (error: Error) => tell(say(error), { tone: "bad" });
  const take = async (ids: string[], texts?: Pick<Proposal, "front" | "back">): Promise<boolean> => {
    try {
      const made = await accept.mutateAsync({ ids, texts });
      tell(t("accepted", { count: made.accepted }));
      return true;
    } catch (error) {
      failed(error as Error);
      return false;
    }
  };
  const drop = (ids: string[]) => reject.mutateAsync(ids).then((gone) => tell(t("rejected", { count: gone.rejected })), failed);
  const ids = all.map((one) => one.id);
  return (
    <div className="mt-4 flex flex-col gap-4">
      <RequestProposals deck={deck} />
      {list.isPending && <ListSkeleton />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      {list.data && all.length === 0 && (
        <EmptyState icon={Sparkles} title={t("noProposalsTitle")}>
          {t("noProposalsText")}
        </EmptyState>
      )}
      {all.length > 0 && (
        <>
          <div className="flex flex-wrap items-center gap-2">
            <p className="min-w-0 flex-1 text-sm text-muted">{t("proposalsHint")}</p>
            <Button size="small" busy={busy} onClick={() => void drop(ids)}>
              {t("rejectAll")}
            </Button>
            <Button size="small" tone="accent" busy={busy} onClick={() => void take(ids)}>
              {t("acceptAll")}
            </Button>
          </div>
          <ul aria-label={t("proposals")} className="flex flex-col gap-2.5">
            {all.map((proposal) => (
              <ProposalRow key={proposal.id} proposal={proposal} busy={busy} onAccept={(texts) => take([proposal.id], texts)} onReject={() => drop([proposal.id])} />
            ))}
          </ul>
          {list.hasNextPage && (
            <Button busy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              {t("moreProposals")}
            </Button>
          )}
        </>
      )}
    </div>
  );
}
