import { pieces } from "@/lib/card-text";

const KEY = "type-answers";

/** Whether answers are typed before they are shown, on this device. */
export function typesAnswers(): boolean {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false;
  }
}

export function typeAnswers(on: boolean): void {
  try {
    if (on) localStorage.setItem(KEY, "on");
    else localStorage.removeItem(KEY);
  } catch {
    // Without storage it holds for this review.
  }
}

/** Texts that look the same are the same, however they are encoded and spaced. */
const tidy = (text: string) => text.normalize("NFC").replace(/\s+/g, " ").trim();

/** What is to be typed for a card: what its gaps hide, else its back without signs of formatting. */
export function expectedAnswer({ front, back }: { front: string; back: string }): string {
  const gaps = pieces(front).filter((piece) => piece.kind === "cloze");
  return gaps.length > 0 ? tidy(gaps.map(({ text }) => text).join(", ")) : tidy(pieces(back).map(({ text }) => text).join(""));
}

/** Whether a typed answer is the expected one; capitals and the full stop at the end don't matter. */
export function isRight(typed: string, expected: string): boolean {
  const bare = (text: string) => tidy(text).replace(/[.!?…]+$/, "").toLocaleLowerCase();
  return bare(typed) === bare(expected);
}
