import type { components } from "@/lib/api/schema";

export type Device = components["schemas"]["SessionOut"];
export type Profile = components["schemas"]["ProfileBody"];

export const devicesKey = ["account", "devices"] as const;
