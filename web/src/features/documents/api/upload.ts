import type { Document } from "@/features/documents/api/documents";
import { Unreachable, problemOf } from "@/lib/api/problem";
import { accessToken, refreshed } from "@/lib/auth/tokens";

/** The document that a file has become, and whether the same bytes were there before. */
export type Uploaded = { document: Document; existing: boolean };

type Options = { onProgress: (share: number) => void; signal: AbortSignal };

/** Send a file and tell how much of it has left (0..1); `fetch` could not tell that. */
export async function upload(file: File, options: Options): Promise<Uploaded> {
  const token = accessToken() ?? (await refreshed(null));
  const answer = await send(file, token, options);
  if (answer.status !== 401) return read(answer);
  const fresh = await refreshed(token);
  return read(fresh ? await send(file, fresh, options) : answer);
}

function send(file: File, token: string | null, { onProgress, signal }: Options): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    const body = new FormData();
    body.append("file", file, file.name);
    request.open("POST", "/api/v1/documents");
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => onProgress(total ? loaded / total : 0);
    request.onload = () => resolve(request);
    request.onerror = () => reject(new Unreachable());
    request.onabort = () => reject(new DOMException("cancelled", "AbortError"));
    request.onloadend = () => signal.removeEventListener("abort", abort);
    signal.addEventListener("abort", abort);
    if (signal.aborted) return reject(new DOMException("cancelled", "AbortError"));
    request.send(body);
  });
}

function read(request: XMLHttpRequest): Uploaded {
  const body = parsed(request.responseText);
  const { status, statusText } = request;
  if (status === 200 || status === 202) {
    return { document: (body as { document: Document }).document, existing: status === 200 };
  }
  const retryAfter = request.getResponseHeader("Retry-After");
  const headers: HeadersInit = retryAfter ? { "Retry-After": retryAfter } : {};
  throw problemOf(new Response(null, { status, statusText, headers }), body);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
