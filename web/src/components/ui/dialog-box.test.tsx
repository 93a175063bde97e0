import { act, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { IntlProvider } from "use-intl";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import DialogBox from "@/components/ui/dialog-box";
import { first } from "@/messages/en/first";

beforeEach(() => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
});
afterEach(() => {
  vi.unstubAllGlobals();
});

function Desk() {
  const [open, setOpen] = useState(false);
  return (
    <IntlProvider locale="en" messages={first}>
      <button type="button" onClick={() => setOpen(true)}>
        Sources
      </button>
      <textarea aria-label="Question" />
      {open && (
        <DialogBox open onOpenChange={setOpen} title="Choose">
          <input aria-label="Search" />
        </DialogBox>
      )}
    </IntlProvider>
  );
}

/** Open it from its button and close it by Escape, without the moment in which the focus is given back. */
function openAndClose(): HTMLElement {
  render(<Desk />);
  const opener = screen.getByRole("button", { name: "Sources" });
  opener.focus();
  fireEvent.click(opener);
  expect(document.activeElement).toBe(screen.getByLabelText("Search"));
  fireEvent.keyDown(document.activeElement!, { key: "Escape" });
  expect(screen.queryByRole("dialog")).toBeNull();
  return opener;
}

const moment = () => act(() => new Promise((resolve) => setTimeout(resolve, 20)));

test("a dialog that closes gives the focus back to what opened it", async () => {
  const opener = openAndClose();
  await moment();
  expect(document.activeElement).toBe(opener);
});

test("whoever has gone on to another field by then stays there", async () => {
  openAndClose();
  const question = screen.getByLabelText("Question");
  question.focus();
  await moment();
  expect(document.activeElement).toBe(question);
});
