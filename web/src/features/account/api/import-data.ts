import { useQuery } from "@tanstack/react-query";
import { answered, api } from "@/lib/api/client";
import type { components } from "@/lib/api/schema";
import { sendFile, type Sending } from "@/lib/api/send-file";

type Job = components["schemas"]["JobOut"];

const EVERY_MS = 1_000;
const OVER = new Set(["done", "failed", "cancelled"]);

/** Send an export; the id of the job that reads it. */
export async function sendExport(file: File, sending: Sending): Promise<string> {
  const { body } = await sendFile("/api/v1/users/me/import", file, sending);
  return (body as components["schemas"]["ImportOut"]).job_id;
}

export const isOver = (job: Job | undefined): boolean => job !== undefined && OVER.has(job.status);

/** How far the reading is, asked for until it is over. */
export function useImportJob(id: string | null) {
  return useQuery<Job>({
    queryKey: ["account", "import", id],
    enabled: id !== null,
    refetchInterval: (query) => (isOver(query.state.data) ? false : EVERY_MS),
    queryFn: ({ signal }) => answered(api.GET("/api/v1/jobs/{id}", { params: { path: { id: id ?? "" } }, signal })),
  });
}
