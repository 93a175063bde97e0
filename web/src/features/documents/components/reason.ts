import { useTranslations } from "use-intl";
import { ApiProblem } from "@/lib/api/problem";
import { useFaultText } from "@/lib/fault-text";

/** Reasons that go away by themselves: reading the same file again may work. */
const PASSING = new Set(["timeout", "rate_limited", "provider_unavailable"]);

/** What the file itself is refused for; sending it again changes nothing. */
const REFUSALS = new Set([413, 415, 422]);

export const mayArrive = (fault: Error | undefined) => !(fault instanceof ApiProblem && REFUSALS.has(fault.status));

export const mayPass = (reason: string | null) => reason !== null && PASSING.has(reason);

/** Why a file was refused or could not be read, and what to do about it. */
export function useReason(): (fault: string | Error | null | undefined) => string {
  const t = useTranslations("documents");
  const say = useFaultText();
  return (fault) => {
    const code = fault instanceof ApiProblem ? fault.code : typeof fault === "string" ? fault : "";
    const key = `reasons.${code}` as "reasons.corrupt";
    return code && t.has(key) ? t(key) : say(fault);
  };
}
