import { useQuery } from "@tanstack/react-query";
import { LISTS } from "@/features/documents/api/documents";
import { answered, api } from "@/lib/api/client";

const NEWEST = 100;

/** The subjects of the newest documents, by name. */
export function useSubjects() {
  return useQuery({
    queryKey: [...LISTS, "subjects"],
    queryFn: ({ signal }) => answered(api.GET("/api/v1/documents", { params: { query: { limit: NEWEST } }, signal })),
    select: ({ items }) =>
      [...new Set(items.flatMap(({ subject }) => subject ?? []))].sort((one, other) => one.localeCompare(other)),
  });
}
