"use client";

import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useFormatter, useTranslations } from "use-intl";
import type { HeatmapDay } from "@/features/analytics/api/analytics";
import { noon, weekday } from "@/features/analytics/days";
import { Nothing } from "@/features/analytics/components/nothing";
import { Table } from "@/features/analytics/components/table";
import { cn } from "@/lib/cn";

const STEP = 14;
const CELL = 11;
const HEADER = 16;
const SHADES = [0.3, 0.55, 0.78, 1];
const MOVES: Record<string, number> = { ArrowUp: -1, ArrowDown: 1, ArrowLeft: -7, ArrowRight: 7 };

/** How dark a day is, 0 (nothing) to 4, compared with the busiest. */
export function shade(reviews: number, most: number): number {
  return reviews === 0 ? 0 : Math.max(1, Math.ceil((reviews / most) * SHADES.length));
}

/** A year of reviews, a column a week. Tab leads to today, arrow keys from day to day. */
export function Heatmap({ days }: { days: HeatmapDay[] }) {
  const t = useTranslations("analytics");
  const format = useFormatter();
  const [at, setAt] = useState(days.length - 1);
  const [pointed, setPointed] = useState<number | null>(null);
  const place = useRef<HTMLDivElement>(null);
  const offset = weekday(days[0]?.day ?? "1970-01-01");
  const most = Math.max(1, ...days.map(({ reviews }) => reviews));
  const weeks = Math.ceil((offset + days.length) / 7);
  const words = ({ day, reviews, minutes }: HeatmapDay) =>
    t("cell", { reviews, minutes, day: format.dateTime(noon(day), { dateStyle: "full", timeZone: "UTC" }) });

  // A phone shows the end of the year first: that is where today is.
  useEffect(() => {
    if (place.current) place.current.scrollLeft = place.current.scrollWidth;
  }, []);

  const move = (event: KeyboardEvent<SVGSVGElement>) => {
    const by = MOVES[event.key];
    const last = days.length - 1;
    const next = event.key === "Home" ? 0 : event.key === "End" ? last : by === undefined ? null : at + by;
    if (next === null) return;
    event.preventDefault();
    const bound = Math.max(0, Math.min(last, next));
    setAt(bound);
    event.currentTarget.querySelector<SVGElement>(`[data-index="${bound}"]`)?.focus();
  };

  const shown = days[pointed ?? at];
  return (
    <>
      <div ref={place} className="-mx-1 overflow-x-auto px-1 pb-2">
        <svg
          role="group"
          aria-label={t("heatmapLabel")}
          viewBox={`0 0 ${weeks * STEP} ${HEADER + 7 * STEP}`}
          width={weeks * STEP}
          height={HEADER + 7 * STEP}
          className="block min-w-[46rem] max-w-none lg:h-auto lg:w-full"
          onKeyDown={move}
          onPointerLeave={() => setPointed(null)}
        >
          {days.map(({ day }, index) =>
            day.endsWith("-01") ? (
              <text key={day} x={Math.floor((offset + index) / 7) * STEP} y={10} fontSize={10} aria-hidden className="fill-muted">
                {format.dateTime(noon(day), { month: "short", timeZone: "UTC" })}
              </text>
            ) : null,
          )}
          {days.map((day, index) => {
            const level = shade(day.reviews, most);
            return (
              <rect
                key={day.day}
                role="img"
                aria-label={words(day)}
                tabIndex={index === at ? 0 : -1}
                data-index={index}
                data-day={day.day}
                x={Math.floor((offset + index) / 7) * STEP + 1}
                y={HEADER + ((offset + index) % 7) * STEP + 1}
                width={CELL}
                height={CELL}
                rx={2.5}
                fillOpacity={SHADES[level - 1] ?? 1}
                className={cn(level ? "fill-accent" : "fill-line", "outline-none focus-visible:stroke-ink focus-visible:stroke-2")}
                onPointerEnter={() => setPointed(index)}
                onFocus={() => setAt(index)}
              />
            );
          })}
        </svg>
      </div>
      <p className="min-h-6 text-sm text-muted">{shown && words(shown)}</p>
      {days.every(({ reviews }) => reviews === 0) && (
        <div className="mt-4">
          <Nothing text={t("emptyHeatmap")} href="/flashcards" action={t("startReview")} />
        </div>
      )}
      <Table
        title={t("heatmapLabel")}
        columns={[t("day"), t("figures.reviews"), t("minutes")]}
        rows={days
          .filter(({ reviews, minutes }) => reviews + minutes > 0)
          .reverse()
          .map(({ day, reviews, minutes }) => ({
            key: day,
            cells: [format.dateTime(noon(day), { dateStyle: "medium", timeZone: "UTC" }), `${reviews}`, `${minutes}`],
          }))}
      />
    </>
  );
}
