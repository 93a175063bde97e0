import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];
export type Summary = Schemas["SummaryOut"];
export type HeatmapDay = Schemas["HeatmapDayOut"];
export type ForecastDay = Schemas["ForecastDayOut"];
export type SubjectTime = Schemas["SubjectOut"];
export type Retention = Schemas["RetentionOut"];

/** Study days, both included. */
export type Days = { from: string; to: string };

export const ANALYTICS = ["analytics"] as const;
