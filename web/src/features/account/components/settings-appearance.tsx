"use client";

import { useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { Tabs } from "@/components/ui/tabs";
import { LOCALES, LOCALE_NAMES } from "@/lib/i18n/messages";
import { useLanguage } from "@/lib/i18n/provider";
import { shortcutsOn, switchShortcuts } from "@/lib/keys";
import { useTheme, type Theme } from "@/lib/theme";

const THEMES: Theme[] = ["light", "dark", "system"];

/** Light or dark, the language, and whether single keys do things. Kept in this browser. */
export function Appearance() {
  const t = useTranslations("settings");
  const [theme, chooseTheme] = useTheme();
  const { locale, choose } = useLanguage();
  return (
    <div className="flex flex-col gap-5">
      <Row name={t("theme")}>
        <Tabs
          label={t("theme")}
          value={theme}
          onChange={chooseTheme}
          choices={THEMES.map((value) => ({ value, label: t(`themes.${value}`) }))}
        />
      </Row>
      <Row name={t("language")}>
        <Tabs
          label={t("language")}
          value={locale}
          onChange={choose}
          choices={LOCALES.map((value) => ({ value, label: <span lang={value}>{LOCALE_NAMES[value]}</span> }))}
        />
      </Row>
      <Shortcuts />
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-6 gap-y-2">
      <span className="font-medium">{name}</span>
      {children}
    </div>
  );
}

function Shortcuts() {
  const t = useTranslations("settings");
  const [on, setOn] = useState(shortcutsOn);
  const change = (wanted: boolean) => {
    switchShortcuts(wanted);
    setOn(wanted);
  };
  return (
    <label className="flex cursor-pointer items-start justify-between gap-6">
      <span>
        <span className="font-medium">{t("shortcuts")}</span>
        <span className="block text-sm text-muted">{t("shortcutsHint")}</span>
      </span>
      <input type="checkbox" checked={on} onChange={(event) => change(event.target.checked)} className="mt-0.5 size-6 shrink-0 accent-accent" />
    </label>
  );
}
