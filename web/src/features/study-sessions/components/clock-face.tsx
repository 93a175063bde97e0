import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

type Props = { label: string; text: string; share: number; tone?: "accent" | "good"; children?: ReactNode };

/** A ring that empties around the time that is left; `share` is what is left of it, 0..1. */
export function ClockFace({ label, text, share, tone = "accent", children }: Props) {
  const left = Math.max(0, Math.min(1, share)) * 100;
  return (
    <div className="relative mx-auto grid aspect-square w-full max-w-64 place-items-center">
      <svg viewBox="0 0 100 100" className="absolute inset-0 size-full -rotate-90" aria-hidden>
        <circle cx="50" cy="50" r="46" fill="none" strokeWidth="4" className="stroke-line" />
        <circle
          cx="50"
          cy="50"
          r="46"
          fill="none"
          strokeWidth="4"
          strokeLinecap={left > 0 ? "round" : "butt"}
          pathLength="100"
          strokeDasharray={`${left} 100`}
          className={cn(tone === "accent" ? "stroke-accent" : "stroke-good")}
        />
      </svg>
      <div className="flex flex-col items-center gap-1">
        <div role="timer" aria-label={label} className="text-5xl font-semibold tabular-nums tracking-tight">
          {text}
        </div>
        <p className="text-sm text-muted">{children}</p>
      </div>
    </div>
  );
}
