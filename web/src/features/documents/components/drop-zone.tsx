"use client";

import { useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ACCEPTED } from "@/features/documents/api/documents";
import { add } from "@/features/documents/api/uploads";

const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

/** Files that are dropped anywhere on the page are uploaded; while they hover, the page says so. */
export function DropZone() {
  const t = useTranslations("documents");
  const queries = useQueryClient();
  const [over, setOver] = useState(false);

  useEffect(() => {
    // Each element under the pointer enters and leaves; only the last leave ends the visit.
    let depth = 0;
    const enter = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth += 1;
      setOver(true);
    };
    const leave = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      depth = Math.max(0, depth - 1);
      if (depth === 0) setOver(false);
    };
    // Without this the browser would open the file in place of the page.
    const hover = (event: DragEvent) => carriesFiles(event) && event.preventDefault();
    const taken = (event: DragEvent) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      depth = 0;
      setOver(false);
      add([...(event.dataTransfer?.files ?? [])], queries);
    };
    const listeners = { dragenter: enter, dragleave: leave, dragover: hover, drop: taken } as const;
    const all = Object.entries(listeners) as [keyof typeof listeners, (event: DragEvent) => void][];
    all.forEach(([name, listen]) => window.addEventListener(name, listen));
    return () => all.forEach(([name, listen]) => window.removeEventListener(name, listen));
  }, [queries]);

  if (!over) return null;
  return (
    <div className="pointer-events-none fixed inset-3 z-50 grid animate-in place-items-center rounded-card border-2 border-dashed border-accent bg-ground/90">
      <p className="flex items-center gap-3 text-xl font-semibold text-accent-strong">
        <FileUp className="size-7" aria-hidden /> {t("dropHere")}
      </p>
    </div>
  );
}

/** The way by click and keyboard. */
export function UploadButton() {
  const t = useTranslations("documents");
  const queries = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        accept={ACCEPTED}
        aria-label={t("files")}
        tabIndex={-1}
        className="sr-only"
        onChange={(event) => {
          add([...(event.target.files ?? [])], queries);
          // The same file can be chosen again after it was refused.
          event.target.value = "";
        }}
      />
      <Button tone="accent" onClick={() => input.current?.click()}>
        <FileUp aria-hidden /> {t("upload")}
      </Button>
    </>
  );
}
