import type { QueryFunction, QueryFunctionContext } from "@tanstack/react-query";
import { Unreachable } from "@/lib/api/problem";
import { useSession } from "@/lib/auth/session";
import { keep, kept } from "@/lib/offline/kept";

/**
 * What a query's `meta` says: under which name its answer is `kept` for times without the server, or which kept answer
 * stands in for it (`insteadOf` a small one, when a larger one of the same shape is kept).
 */
type Meta = { kept?: string; instead?: string } | undefined;

/** For queries with such a `meta`: the server's answer, else, when the server can't be reached, the kept one. */
export async function orKept(
  ask: QueryFunction,
  context: QueryFunctionContext,
  query: { meta?: Record<string, unknown> | undefined },
): Promise<unknown> {
  const meta = query.meta as Meta;
  const person = useSession.getState().user?.id;
  if (!meta || !person) return ask(context);
  try {
    const answer = await ask(context);
    if (meta.kept && useSession.getState().user?.id === person) void keep(person, { [meta.kept]: answer });
    return answer;
  } catch (error) {
    const name = meta.kept ?? meta.instead;
    const old = error instanceof Unreachable && name ? await kept(person, name) : undefined;
    if (old === undefined) throw error;
    return old;
  }
}
