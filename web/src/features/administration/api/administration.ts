import type { components } from "@/lib/api/schema";

export type Account = components["schemas"]["AccountOut"];
export type Role = components["schemas"]["UserRole"];

export const ROLES: readonly Role[] = ["student", "teacher", "admin"];
export const ADMINISTRATION = ["administration"] as const;
