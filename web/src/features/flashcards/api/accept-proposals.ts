import { useMutation, useQueryClient } from "@tanstack/react-query";
import { editCard } from "@/features/flashcards/api/edit-card";
import { FLASHCARDS, type CardTexts } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

type Wish = { ids: string[]; texts?: Pick<CardTexts, "front" | "back"> };

/** Make cards of proposals. With `texts`, the one card gets them: the API accepts a proposal as it is. */
export function useAcceptProposals() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ ids, texts }: Wish) => {
      const made = await answered(api.POST("/api/v1/proposals/accept", { body: { ids } }));
      const card = made.items[0];
      if (texts && card) await editCard({ card, fields: texts });
      return made;
    },
    onSettled: () => queries.invalidateQueries({ queryKey: FLASHCARDS }),
  });
}
