import { act, render, screen } from "@testing-library/react";
import type { ReactElement } from "react";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { late } from "@/components/ui/late";
import { useNotes } from "@/components/ui/notes";
import { first } from "@/messages/en/first";

beforeEach(() => {
  vi.useFakeTimers();
  useNotes.setState({ notes: [] });
});
afterEach(() => void vi.useRealTimers());

const shown = (part: ReactElement) =>
  render(
    <IntlProvider locale="en" messages={first}>
      {part}
    </IntlProvider>,
  );
const told = () => useNotes.getState().notes.map(({ text }) => text);
const swallowed = () => Promise.reject(new Error("ChunkLoadError"));

const Part = ({ name }: { name: string }) => <p>Here is {name}</p>;

test("a part whose file a network swallowed leaves the page alone, and comes when it can be had", async () => {
  let reachable = false;
  const Late = late(() => (reachable ? Promise.resolve(Part) : swallowed()));
  shown(<Late name="the part" instead={<p>The page stands</p>} />);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(screen.getByText("The page stands")).toBeTruthy();
  expect(told()).toEqual([expect.stringContaining("could not be loaded")]);
  reachable = true;
  await act(() => vi.advanceTimersByTimeAsync(5_000));
  expect(screen.getByText("Here is the part")).toBeTruthy();
});

test("a part that was fetched once is there at once", async () => {
  const load = vi.fn(() => Promise.resolve(Part));
  const Late = late(load);
  const page = shown(<Late name="the part" />);
  await act(() => vi.advanceTimersByTimeAsync(0));
  page.unmount();
  shown(<Late name="the part" />);
  expect(screen.getByText("Here is the part")).toBeTruthy();
  expect(load).toHaveBeenCalledTimes(1);
});

test("of a part that nobody asked for nothing is told", async () => {
  const Late = late(swallowed, { unasked: true });
  shown(<Late />);
  await act(() => vi.advanceTimersByTimeAsync(20_000));
  expect(told()).toEqual([]);
});
