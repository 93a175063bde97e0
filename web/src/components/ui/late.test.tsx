import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { late } from "@/components/ui/late";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const Part = ({ name }: { name: string }) => <p>Here is {name}</p>;

test("a part whose file a network swallowed leaves the page alone, and comes when it can be had", async () => {
  let reachable = false;
  const Late = late(() => (reachable ? Promise.resolve(Part) : Promise.reject(new Error("ChunkLoadError"))));
  render(<Late name="the part" instead={<p>The page stands</p>} />);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(screen.getByText("The page stands")).toBeTruthy();
  reachable = true;
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(screen.getByText("Here is the part")).toBeTruthy();
});

test("a part that was fetched once is there at once", async () => {
  const load = vi.fn(() => Promise.resolve(Part));
  const Late = late(load);
  const page = render(<Late name="the part" />);
  await act(() => vi.advanceTimersByTimeAsync(0));
  page.unmount();
  render(<Late name="the part" />);
  expect(screen.getByText("Here is the part")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(1);
});
