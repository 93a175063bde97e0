import { beforeEach, expect, test, vi } from "vitest";
import { ApiProblem, Unreachable } from "@/lib/api/problem";
import { useSession } from "@/lib/auth/session";
import { queueOf, withFirst, without } from "@/lib/reviews/kept-queue";
import { sendWaiting, submit, useOutbox } from "@/lib/reviews/outbox";
import type { Waiting } from "@/lib/reviews/outbox-store";
import { sendReview } from "@/lib/reviews/send-review";

const shelf = vi.hoisted(() => new Map<string, Waiting>());

vi.mock("@/lib/reviews/send-review", () => ({ sendReview: vi.fn() }));
vi.mock("@/lib/reviews/outbox-store", () => ({
  put: async (waiting: Waiting) => Boolean(shelf.set(waiting.key, waiting)),
  find: async (key: string) => shelf.get(key),
  remove: async (key: string) => void shelf.delete(key),
  allOf: async (person: string) => [...shelf.values()].filter((one) => one.person === person),
}));

const problem = (status: number, code: string) =>
  new ApiProblem({ type: "about:blank", title: "", status, code, detail: "", instance: "" });
const grade = (key: string) => ({ card: `card-${key}`, version: 1, rating: "good" as const, tookMs: 10, key });
const sent = vi.mocked(sendReview);

beforeEach(() => {
  shelf.clear();
  sent.mockReset();
  useSession.setState({ status: "in", user: { id: "ada" } as never });
});

test("a grade that finds no server waits, and goes out once with its key and version", async () => {
  sent.mockRejectedValueOnce(new Unreachable());
  expect(await submit(grade("one"))).toBeNull();
  expect(useOutbox.getState().waiting.map(({ key }) => key)).toEqual(["one"]);
  sent.mockResolvedValueOnce({ review: { id: "r" } } as never);
  expect(await sendWaiting()).toBe(1);
  expect(await sendWaiting()).toBe(0);
  expect(sent).toHaveBeenCalledTimes(2);
  expect(sent.mock.lastCall?.[0]).toMatchObject(grade("one"));
});

test("a refusal at once is the caller's, and nothing waits", async () => {
  sent.mockRejectedValueOnce(problem(409, "stale_card"));
  await expect(submit(grade("early"))).rejects.toThrow();
  expect(shelf.size).toBe(0);
});

test("what is refused later is kept for the student, what only has to wait is kept for later", async () => {
  for (const key of ["one", "two", "three", "four"]) shelf.set(key, { ...grade(key), person: "ada", at: 0 });
  shelf.set("other", { ...grade("other"), person: "grace", at: 0 });
  sent.mockRejectedValueOnce(problem(409, "already_done"));
  sent.mockRejectedValueOnce(problem(409, "stale_card"));
  sent.mockRejectedValueOnce(problem(503, "unavailable"));
  expect(await sendWaiting()).toBe(1);
  const { waiting, refused } = useOutbox.getState();
  expect(waiting.map(({ key }) => key)).toEqual(["three", "four"]);
  expect(refused.map(({ key, refused: code }) => [key, code])).toEqual([["two", "stale_card"]]);
  expect(shelf.has("other")).toBe(true);
});

test("a kept queue loses the graded card, gets it back, and can be that of one deck", () => {
  const item = (id: string, deck: string, due: string | null) => ({ card: { id, deck_id: deck, due_on: due }, preview: {} }) as never;
  const queue = { day: "2026-03-02", items: [item("a", "x", null), item("b", "y", "2026-03-01")], counts: { new: 1, due: 1, total: 2 } };
  const rest = without(queue, "a");
  expect([rest.items.length, rest.counts]).toEqual([1, { new: 0, due: 1, total: 1 }]);
  expect(without(rest, "a")).toBe(rest);
  expect(withFirst(rest, queue.items[0]!)).toEqual(queue);
  expect(queueOf(queue, "y")).toMatchObject({ items: [{ card: { id: "b" } }], counts: { new: 0, due: 1, total: 1 } });
});
