import { useTranslations } from "use-intl";

/** What an answer looks like: a question, its answer, and the page that says so. */
export function Glimpse() {
  const t = useTranslations("landing.glimpse");
  return (
    <figure aria-label={t("label")} className="flex flex-col gap-3 rounded-card border border-line bg-surface p-5 text-[0.95rem] shadow-raised">
      <p className="max-w-[85%] self-end rounded-card rounded-br-sm bg-accent-soft px-4 py-2.5">{t("question")}</p>
      <p>
        {t("answer")}{" "}
        <span className="inline-grid size-6 place-items-center rounded-md bg-accent-soft align-middle text-xs font-semibold text-accent-strong">1</span>
      </p>
      <div className="rounded-lg border border-line bg-ground px-4 py-3 text-sm text-muted">
        <p className="mb-1.5 font-medium text-ink">{t("source")}</p>
        <p>
          … {t("before")} <mark className="rounded-sm bg-mark text-ink">{t("quote")}</mark> {t("after")} …
        </p>
      </div>
    </figure>
  );
}
