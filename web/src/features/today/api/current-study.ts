import { useQuery } from "@tanstack/react-query";
import { studyKey } from "@/features/today/api/today";
import { answered, api } from "@/lib/api/client";

/** The study session that runs or pauses, or null. */
export function useCurrentStudy() {
  return useQuery({
    queryKey: studyKey,
    meta: { kept: "study-current" },
    queryFn: ({ signal }) => answered(api.GET("/api/v1/study-sessions", { params: { query: { limit: 5 } }, signal })),
    select: (page) => page.items.find((one) => one.status !== "finished") ?? null,
  });
}
