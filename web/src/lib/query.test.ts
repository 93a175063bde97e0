import { QueryObserver } from "@tanstack/react-query";
import { expect, it, vi } from "vitest";
import { makeQueryClient } from "@/lib/query";

it("asks anew for what changed while it was fetched for the first time", async () => {
  const queries = makeQueryClient();
  const answers: ((text: string) => void)[] = [];
  const queryFn = vi.fn(() => new Promise<string>((answer) => answers.push(answer)));
  const observer = new QueryObserver(queries, { queryKey: ["week", "2"], queryFn, persister: undefined });
  const stop = observer.subscribe(() => undefined);
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(1));
  const renewed = queries.invalidateQueries({ queryKey: ["week"] });
  await vi.waitFor(() => expect(queryFn).toHaveBeenCalledTimes(2));
  answers[0]!("before the change");
  answers[1]!("after it");
  await renewed;
  expect(observer.getCurrentResult().data).toBe("after it");
  stop();
});

it("leaves alone what nobody looks at and what somebody waits for by hand", async () => {
  const queries = makeQueryClient();
  let answer = (_text: string) => undefined as void;
  const queryFn = () => new Promise<string>((done) => (answer = done));
  const asked = queries.fetchQuery({ queryKey: ["week", "2"], queryFn, persister: undefined });
  await queries.invalidateQueries({ queryKey: ["week"] });
  answer("here");
  expect(await asked).toBe("here");
});
