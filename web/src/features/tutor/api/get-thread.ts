import { useQuery } from "@tanstack/react-query";
import { threadKey } from "@/features/tutor/api/tutor";
import { answered, api } from "@/lib/api/client";

export function useThread(id: string | null) {
  return useQuery({
    queryKey: threadKey(id ?? ""),
    enabled: id !== null,
    queryFn: ({ signal }) => answered(api.GET("/api/v1/threads/{id}", { params: { path: { id: id ?? "" } }, signal })),
  });
}
