"use client";

import { useState } from "react";

/** A bar: its height, and what it stands for in words. A null stands for days without an answer. */
export type Bar = { key: string; value: number | null; label: string };

type Props = { label: string; bars: Bar[]; most: number; first: string; last: string };

const STEP = 10;
const TALL = 100;
const LEAST = 1.5;

/** Bars side by side; the pointer tells each one's words below, a table beside it tells the rest. */
export function Bars({ label, bars, most, first, last }: Props) {
  const [told, setTold] = useState<string | null>(null);
  const top = Math.max(1, most);
  return (
    <figure>
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${bars.length * STEP} ${TALL}`}
        preserveAspectRatio="none"
        className="block h-36 w-full border-b border-line"
        onPointerLeave={() => setTold(null)}
      >
        {bars.map((bar, index) => {
          const height = bar.value ? Math.max(LEAST, (bar.value / top) * TALL) : 0;
          return (
            <g key={bar.key} onPointerEnter={() => setTold(bar.label)}>
              <rect x={index * STEP} y={0} width={STEP} height={TALL} fill="none" pointerEvents="all" />
              <rect
                x={index * STEP + STEP * 0.14}
                y={TALL - height}
                width={STEP * 0.72}
                height={height}
                data-bar={bar.value ?? ""}
                className="fill-accent"
              />
            </g>
          );
        })}
      </svg>
      <figcaption className="mt-1.5 flex justify-between gap-3 text-sm text-muted">
        <span>{first}</span>
        <span className="text-ink">{told}</span>
        <span>{last}</span>
      </figcaption>
    </figure>
  );
}
