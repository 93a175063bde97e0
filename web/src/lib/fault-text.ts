import { useTranslations } from "use-intl";
import { ApiProblem, Unreachable } from "@/lib/api/problem";

/** What went wrong, as a sentence in the person's language where we have one, else in the server's words. */
export function useFaultText(): (error: unknown) => string {
  const t = useTranslations("faults");
  return (error) => {
    if (error instanceof ApiProblem) {
      const key = error.code as "rate_limited";
      return t.has(key) ? t(key) : error.message || t("unknown");
    }
    if (error instanceof Unreachable || (error instanceof TypeError && /fetch/i.test(error.message))) {
      return t("unreachable");
    }
    return t("unknown");
  };
}
