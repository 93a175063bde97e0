"use client";

import dynamic from "next/dynamic";

/** Rendered in the browser alone: its markup carries a style attribute, which no exported page may. */
export const Toaster = dynamic(() => import("@/components/ui/toaster").then((module) => module.Toaster), {
  ssr: false,
});
