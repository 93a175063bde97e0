import type { components } from "@/lib/api/schema";

export type Problem = components["schemas"]["Problem"];

/** A refusal of the API (RFC 9457) as an error: `message` is a sentence for people, `code` is for programs. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  /** What is wrong with which field of the request. */
  readonly fields: Readonly<Record<string, string>>;
  /** Seconds after which trying again may help. */
  readonly retryAfter: number | null;

  constructor(problem: Problem, retryAfter: number | null = null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.code = problem.code;
    this.fields = Object.fromEntries((problem.errors ?? []).map((fault) => [fault.field, fault.message]));
    this.retryAfter = retryAfter;
  }
}

/** Nothing came back at all: no network, or no server. */
export class Unreachable extends Error {
  constructor() {
    super("unreachable");
    this.name = "Unreachable";
  }
}

function isProblem(value: unknown): value is Problem {
  return typeof value === "object" && value !== null && "detail" in value && "code" in value && "status" in value;
}

/** The error that an answer stands for. A proxy may answer with something that is no problem document. */
export function problemOf(response: Response, body: unknown): ApiProblem {
  const retryAfter = Number(response.headers.get("Retry-After")) || null;
  if (isProblem(body)) return new ApiProblem(body, retryAfter);
  const { status } = response;
  return new ApiProblem(
    { type: "about:blank", title: response.statusText, status, detail: "", code: `http_${status}`, instance: "" },
    retryAfter,
  );
}
