import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FLASHCARDS } from "@/features/flashcards/api/flashcards";
import { answered, api } from "@/lib/api/client";

export function useRejectProposals() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) => answered(api.POST("/api/v1/proposals/reject", { body: { ids } })),
    onSettled: () => queries.invalidateQueries({ queryKey: FLASHCARDS }),
  });
}
