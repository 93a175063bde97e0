"use client";

import { useEffect, useState, type ComponentType } from "react";
import { useNotes } from "@/components/ui/notes";

const REST_MS = 3_000;

/** Fetched once the page has come to rest, or with the first note: no page waits for what is told in passing. */
export function Toaster() {
  const latest = useNotes((state) => state.notes.at(-1)?.id);
  const [Notes, setNotes] = useState<ComponentType | null>(null);

  useEffect(() => {
    if (Notes) return;
    // What a network swallowed is fetched with the next note.
    const fetchNotes = () =>
      void import("@/components/ui/toaster").then(({ Toaster }) => setNotes(() => Toaster), () => undefined);
    const timer = setTimeout(fetchNotes, latest === undefined ? REST_MS : 0);
    return () => clearTimeout(timer);
  }, [Notes, latest]);

  return Notes && <Notes />;
}
