"use client";

import { createContext, useCallback, useContext, useEffect, useState, type ReactNode } from "react";
import { IntlProvider } from "use-intl";
import {
  englishMessages,
  loadMessages,
  preferredLocale,
  storeLocale,
  withRegion,
  type Locale,
  type Messages,
} from "@/lib/i18n/messages";
import { useSession } from "@/lib/auth/session";

type Language = { locale: Locale; choose: (locale: Locale) => void };

const LanguageContext = createContext<Language>({ locale: "en", choose: () => undefined });

export function useLanguage(): Language {
  return useContext(LanguageContext);
}

/** Words, dates and numbers in the person's language and time zone. The exported pages are English until this ran. */
export function LanguageProvider({ children }: { children: ReactNode }) {
  const [shown, setShown] = useState<{ locale: Locale; formats: string; messages: Messages }>({
    locale: "en",
    formats: "en",
    messages: englishMessages,
  });
  const zone = useSession((session) => session.user?.time_zone);

  const show = useCallback(async (locale: Locale) => {
    const messages = await loadMessages(locale);
    document.documentElement.lang = locale;
    setShown({ locale, formats: withRegion(locale), messages });
  }, []);

  useEffect(() => {
    void show(preferredLocale());
  }, [show]);

  const choose = useCallback(
    (locale: Locale) => {
      storeLocale(locale);
      void show(locale);
    },
    [show],
  );

  return (
    <LanguageContext value={{ locale: shown.locale, choose }}>
      <IntlProvider locale={shown.formats} messages={shown.messages} timeZone={zone ?? "UTC"}>
        {children}
      </IntlProvider>
    </LanguageContext>
  );
}
