"use client";

import { useEffect, useState } from "react";
import { late } from "@/components/ui/late";
import { useBell } from "@/lib/bell";

const Rung = late(() => import("@/features/notifications/components/bell").then((module) => module.Bell), { unasked: true });

/** Long enough for a page to have fetched what it shows. */
const AFTER_MS = 1_000;

/** Fetched after the page, or when it is opened: nobody waits for the count. */
export function Bell() {
  const open = useBell((state) => state.open);
  const [rested, setRested] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setRested(true), AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  return rested || open ? <Rung /> : null;
}
