"use client";

import { createContext, startTransition, useCallback, useContext, useDeferredValue, useEffect, useMemo, useState, type ReactNode } from "react";
import { IntlProvider } from "use-intl";
import { useSession } from "@/lib/auth/session";
import { firstMessages, loadMessages, preferredLocale, storeLocale, withRegion, type Locale, type Messages } from "@/lib/i18n/messages";

type Language = { locale: Locale; choose: (locale: Locale) => void };

/** Whether all words are there, how to ask for them, and why they can't be had. */
type Words = { whole: boolean; fault: Error | null; wantAll: () => void };

type Shown = { locale: Locale; formats: string; messages: Messages; whole: boolean };

const LanguageContext = createContext<Language & Words>({
  locale: "en",
  choose: () => undefined,
  whole: false,
  fault: null,
  wantAll: () => undefined,
});

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** For the inside, which shows nothing of its own before all words of the language are there. */
export function useAllWords(): Pick<Words, "whole" | "fault"> {
  const { whole, fault, wantAll } = useContext(LanguageContext);
  useEffect(wantAll, [wantAll]);
  return { whole, fault };
}

/** Words, dates and numbers in the person's language and time zone. The exported pages are English until this ran. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [chosen, setChosen] = useState<Locale | null>(null);
  const [all, setAll] = useState(false);
  const [fault, setFault] = useState<Error | null>(null);
  const [shown, setShown] = useState<Shown>({ locale: "en", formats: "en", messages: firstMessages, whole: false });
  // Deferred, since every word on the page is rendered anew with it.
  const zone = useDeferredValue(useSession((session) => session.user?.time_zone));

  useEffect(() => setChosen(preferredLocale()), []);

  useEffect(() => {
    if (!chosen) return;
    let late = false;
    loadMessages(chosen, all)
      .then((messages) => {
        if (late) return;
        document.documentElement.lang = chosen;
        startTransition(() => setShown({ locale: chosen, formats: withRegion(chosen), messages, whole: all }));
      })
      .catch((error: Error) => !late && setFault(error));
    return () => void (late = true);
  }, [chosen, all]);

  const wantAll = useCallback(() => setAll(true), []);
  const choose = useCallback((locale: Locale) => {
    storeLocale(locale);
    setChosen(locale);
  }, []);

  const language = useMemo(
    () => ({ locale: shown.locale, choose, whole: shown.whole, fault, wantAll }),
    [shown.locale, choose, shown.whole, fault, wantAll],
  );
  return (
    <LanguageContext value={language}>
      <IntlProvider locale={shown.formats} messages={shown.messages} timeZone={zone ?? "UTC"}>
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}
