"use client";

import { useEffect, useState } from "react";
import { late } from "@/components/ui/late";
import { useNotes } from "@/components/ui/notes";

const REST_MS = 3_000;

const Notes = late(() => import("@/components/ui/toaster").then((module) => module.Toaster), { unasked: true });

/** Fetched once the page has come to rest, or with the first note: no page waits for what is told in passing. */
export function Toaster() {
  const told = useNotes((state) => state.notes.length > 0);
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), REST_MS);
    return () => clearTimeout(timer);
  }, []);
  return (rested || told) && <Notes />;
}
