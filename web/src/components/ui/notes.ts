import { create } from "zustand";

export type Note = { id: number; text: string; tone: "plain" | "bad"; undo?: () => void };

export const useNotes = create<{ notes: Note[] }>(() => ({ notes: [] }));
let last = 0;

/** Tell something in passing. With `undo`, the note carries a button for it; F8 leads the keyboard there. */
export function tell(text: string, options: { tone?: "plain" | "bad"; undo?: () => void } = {}): void {
  last += 1;
  const note: Note = { id: last, text, tone: options.tone ?? "plain", undo: options.undo };
  useNotes.setState(({ notes }) => ({ notes: [...notes.slice(-2), note] }));
}

export function dismiss(id: number): void {
  useNotes.setState(({ notes }) => ({ notes: notes.filter((note) => note.id !== id) }));
}
