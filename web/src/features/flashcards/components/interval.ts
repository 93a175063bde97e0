import { useTranslations } from "use-intl";

/** An interval in days as it stands on a button: "4 d", "2.5 mo", "1.2 y". */
export function useInterval(): (days: number) => string {
  const t = useTranslations("flashcards");
  return (days) => {
    if (days < 60) return t("days", { days });
    if (days < 365) return t("months", { months: days / 30.44 });
    return t("years", { years: days / 365.25 });
  };
}
