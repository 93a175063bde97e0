"use client";

import { late } from "@/components/ui/late";

/** A modal dialog or a sheet, loaded when the first one opens: no page waits for it. */
export const Dialog = late(() => import("@/components/ui/dialog-box").then((module) => module.default));
