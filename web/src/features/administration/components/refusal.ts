import { useTranslations } from "use-intl";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

/** Why an account could not be changed, and what to do about it. */
export function useRefusal(): (error: unknown) => string {
  const t = useTranslations("administration");
  const say = useFaultText();
  return (error) => {
    const key = error instanceof ApiProblem ? `refusals.${error.code}` : "";
    return key && t.has(key) ? t(key) : say(error);
  };
}
