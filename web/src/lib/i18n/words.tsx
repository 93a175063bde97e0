"use client";

import { use, useMemo, type ReactNode } from "react";
import { IntlProvider, useLocale, useMessages } from "use-intl";
import type { Catalogue } from "@/lib/i18n/messages";
import { useLanguage } from "@/lib/i18n/provider";

/** Gives what stands inside the words of a catalogue of its own, and lets it wait (Suspense) until they are there. */
export function Words({ of, children }: { of: Catalogue; children: ReactNode }) {
  const { locale } = useLanguage();
  const formats = useLocale();
  const shared = useMessages();
  const own = use(of.load(locale));
  const messages = useMemo(() => ({ ...shared, [of.name]: own }), [shared, of, own]);
  return (
    <IntlProvider locale={formats} messages={messages}>
      {children}
    </IntlProvider>
  );
}
