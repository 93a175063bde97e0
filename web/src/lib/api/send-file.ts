import { Unreachable, problemOf } from "@/lib/api/problem";
import { accessToken, refreshed } from "@/lib/auth/tokens";

export type Sending = { onProgress: (share: number) => void; signal: AbortSignal };
export type Taken = { status: number; body: unknown };

/**
 * Send a file, perhaps with fields beside it, and tell how much of it has left (0..1); `fetch` could not tell that. A
 * refusal is thrown.
 */
export async function sendFile(address: string, file: File, sending: Sending, fields: Record<string, string> = {}): Promise<Taken> {
  const body = new FormData();
  Object.entries(fields).forEach(([name, value]) => body.append(name, value));
  body.append("file", file, file.name);
  const token = accessToken() ?? (await refreshed(null));
  const answer = await send(address, body, token, sending);
  if (answer.status !== 401) return read(answer);
  const fresh = await refreshed(token);
  return read(fresh ? await send(address, body, fresh, sending) : answer);
}

function send(address: string, body: FormData, token: string | null, { onProgress, signal }: Sending): Promise<XMLHttpRequest> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    request.open("POST", address);
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

function read(request: XMLHttpRequest): Taken {
  const body = parsed(request.responseText);
  const { status, statusText } = request;
  if (status < 300) return { status, body };
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
