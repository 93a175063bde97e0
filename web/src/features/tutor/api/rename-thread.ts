import { useMutation, useQueryClient } from "@tanstack/react-query";
import { THREADS, type Thread } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

export function useRenameThread() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ thread, title }: { thread: Thread; title: string }) =>
      answered(api.PATCH("/api/v1/threads/{id}", { params: { path: { id: thread.id } }, body: { title } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: THREADS }),
  });
}
