"use client";

import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { cn } from "@/lib/cn";

const SHOWN_MS = 1_500;

async function copy(text: string): Promise<void> {
  // Absent on plain-HTTP addresses other than localhost.
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea");
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

export function CopyButton({ text, className }: { text: string; className?: string }) {
  const t = useTranslations("ui");
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return;
    const timer = setTimeout(() => setDone(false), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [done]);
  const Icon = done ? Check : Copy;
  return (
    <button
      type="button"
      aria-label={t(done ? "copied" : "copy")}
      title={t(done ? "copied" : "copy")}
      onClick={() => void copy(text).then(() => setDone(true))}
      className={cn("grid size-8 place-items-center rounded-md text-muted hover:bg-sunken hover:text-ink", className)}
    >
      <Icon className="size-4" aria-hidden />
    </button>
  );
}
