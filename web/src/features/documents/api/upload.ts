import type { Document } from "@/features/documents/api/documents";
import { sendFile, type Sending } from "@/lib/api/send-file";

/** The document that a file has become, and whether the same bytes were there before. */
export type Uploaded = { document: Document; existing: boolean };

/** Send a file and tell how much of it has left (0..1). */
export async function upload(file: File, sending: Sending): Promise<Uploaded> {
  const { status, body } = await sendFile("/api/v1/documents", file, sending);
  return { document: (body as { document: Document }).document, existing: status === 200 };
}
