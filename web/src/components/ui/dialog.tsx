"use client";

import { lazy, Suspense } from "react";
import type { DialogProps } from "@/components/ui/dialog-box";

const DialogBox = lazy(() => import("@/components/ui/dialog-box"));

/** A modal dialog or a sheet, loaded when the first one opens: no page waits for it. */
export function Dialog(props: DialogProps) {
  return (
    <Suspense>
      <DialogBox {...props} />
    </Suspense>
  );
}
