import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { DOCUMENTS, type Document } from "@/features/documents/api/documents";
import { upload } from "@/features/documents/api/upload";
import { onLogout } from "@/lib/auth/session";
import { newId } from "@/lib/ids";

/** A file on its way. Once it has arrived it is a document in the list, and no upload any more. */
export type Upload = {
  id: string;
  file: File;
  state: "waiting" | "sending" | "failed" | "existing";
  /** How much has left, in per cent. */
  sent: number;
  fault?: Error;
  /** The document that was there before. */
  document?: Document;
};

/** More at once would only share the same line. */
const AT_ONCE = 2;

export const useUploads = create<{ uploads: Upload[] }>(() => ({ uploads: [] }));
const aborters = new Map<string, AbortController>();

function change(id: string, part: Partial<Upload>): void {
  useUploads.setState(({ uploads }) => ({ uploads: uploads.map((one) => (one.id === id ? { ...one, ...part } : one)) }));
}

/** Take a file off the list; one that is being sent is stopped. */
export function drop(id: string): void {
  aborters.get(id)?.abort();
  useUploads.setState(({ uploads }) => ({ uploads: uploads.filter((one) => one.id !== id) }));
}

export function add(files: File[], queries: QueryClient): void {
  const fresh = files.map((file): Upload => ({ id: newId(), file, state: "waiting", sent: 0 }));
  useUploads.setState(({ uploads }) => ({ uploads: [...uploads, ...fresh] }));
  proceed(queries);
}

export function retry(id: string, queries: QueryClient): void {
  change(id, { state: "waiting", sent: 0, fault: undefined });
  proceed(queries);
}

function proceed(queries: QueryClient): void {
  const { uploads } = useUploads.getState();
  const next = uploads.filter(({ state }) => state === "waiting").slice(0, Math.max(0, AT_ONCE - aborters.size));
  next.forEach((one) => void run(one, queries));
}

async function run({ id, file }: Upload, queries: QueryClient): Promise<void> {
  const aborter = new AbortController();
  aborters.set(id, aborter);
  change(id, { state: "sending" });
  try {
    const onProgress = (share: number) => change(id, { sent: Math.round(share * 100) });
    const { document, existing } = await upload(file, { onProgress, signal: aborter.signal });
    await queries.invalidateQueries({ queryKey: DOCUMENTS });
    if (existing) change(id, { state: "existing", document });
    else drop(id);
  } catch (error) {
    change(id, { state: "failed", fault: error as Error });
  } finally {
    aborters.delete(id);
    proceed(queries);
  }
}

onLogout(() => useUploads.getState().uploads.forEach(({ id }) => drop(id)));
