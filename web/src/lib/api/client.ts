import createClient, { type Middleware } from "openapi-fetch";
import { problemOf, Unreachable } from "@/lib/api/problem";
import type { paths } from "@/lib/api/schema";
import { accessToken, refreshed } from "@/lib/auth/tokens";
import { probe } from "@/lib/offline/reachability";

const OPEN = new Set([
  "/api/v1/auth/login",
  "/api/v1/auth/register",
  "/api/v1/auth/refresh",
  "/api/v1/auth/email/verify",
  "/api/v1/auth/password/forgot",
  "/api/v1/auth/password/reset",
  "/api/v1/auth/providers",
]);

/** A request can be sent once; what is sent again after a 401 is this copy. */
const copies = new WeakMap<Request, Request>();

const authorized: Middleware = {
  async onRequest({ request, schemaPath }) {
    if (OPEN.has(schemaPath)) return undefined;
    const token = accessToken() ?? (await refreshed(null));
    if (token) request.headers.set("Authorization", `Bearer ${token}`);
    copies.set(request, request.clone());
    return request;
  },
  async onResponse({ request, response, schemaPath }) {
    if (response.status !== 401 || OPEN.has(schemaPath)) return undefined;
    const copy = copies.get(request);
    const spent = request.headers.get("Authorization")?.slice("Bearer ".length) ?? null;
    const token = await refreshed(spent);
    if (!copy || !token) return undefined;
    copy.headers.set("Authorization", `Bearer ${token}`);
    return fetch(copy);
  },
  onError({ error }) {
    // A request that was given up here says nothing about the server.
    if (error instanceof DOMException && error.name === "AbortError") return error;
    void probe();
    return new Unreachable();
  },
};

/** The one client of the API. Types come from its OpenAPI description; calls go through `answered`. */
export const api = createClient<paths>({ baseUrl: "", credentials: "same-origin" });
api.use(authorized);

/** The body of a good answer; a refusal is thrown as `ApiProblem`. */
export async function answered<Body>(
  call: Promise<{ data?: Body; error?: unknown; response: Response }>,
): Promise<NonNullable<Body>> {
  const { data, error, response } = await call;
  if (!response.ok) throw problemOf(response, error);
  return (data ?? undefined) as NonNullable<Body>;
}
