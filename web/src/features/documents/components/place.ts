import { useTranslations } from "use-intl";
import type { components } from "@/lib/api/schema";

type Place = { unit: components["schemas"]["LocatorUnit"]; number: number; label: string | null };

/** Where something stands in a document, as people say it: "Slide 4 · Loops". */
export function usePlace(): (place: Place) => string {
  const t = useTranslations("documents");
  return ({ unit, number, label }) => {
    const bare = t(`units.${unit}`, { number });
    return label ? `${bare} · ${label}` : bare;
  };
}
