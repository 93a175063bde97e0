import type { en } from "@/messages/en";
import { first } from "@/messages/en/first";

export const LOCALES = ["en", "de"] as const;
export type Locale = (typeof LOCALES)[number];
export type Messages = typeof en;

export const LOCALE_NAMES: Record<Locale, string> = { en: "English", de: "Deutsch" };

const KEY = "locale";

/** The language that was chosen, else the browser's, else English. */
export function preferredLocale(): Locale {
  const stated = [storedLocale(), ...navigator.languages.map((tag) => tag.slice(0, 2))];
  return stated.find((tag): tag is Locale => LOCALES.includes(tag as Locale)) ?? "en";
}

/** The browser's region of a language, for dates and numbers: `en` is `en-GB` for a browser from there. */
export function withRegion(locale: Locale): string {
  return navigator.languages.find((tag) => tag.startsWith(`${locale}-`)) ?? locale;
}

function storedLocale(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function storeLocale(locale: Locale): void {
  try {
    localStorage.setItem(KEY, locale);
  } catch {
    // The choice then lasts as long as the page.
  }
}

/** What a page shows before anybody is inside: English comes with the page, other languages when they are asked for. */
async function loadFirst(locale: Locale): Promise<typeof first> {
  return locale === "de" ? (await import("@/messages/de/first")).first : first;
}

type Tree = { [key: string]: string | Tree };
type Load<Words> = () => Promise<{ default: Words }>;

/** The words of a part that comes on demand; they come with it, so that no other page carries them. */
export type Catalogue = { name: string; load: (locale: Locale) => Promise<Tree> };

/** `name` is what `useTranslations` calls them; both languages have the same keys. */
export function catalogue<Words extends Tree>(name: string, en: Load<Words>, de: Load<NoInfer<Words>>): Catalogue {
  const coming = new Map<Locale, Promise<Tree>>();
  const load = async (locale: Locale): Promise<Tree> => {
    if (storedLocale() === "pseudo") return (await import("@/lib/i18n/pseudo")).pseudo((await en()).default);
    return (await (locale === "de" ? de() : en())).default;
  };
  return {
    name,
    load: (locale) => {
      const words = coming.get(locale) ?? load(locale);
      coming.set(locale, words);
      // What a network swallowed is asked for again by the next who needs it.
      words.catch(() => coming.delete(locale));
      return words;
    },
  };
}

async function loadAll(locale: Locale): Promise<Messages> {
  return locale === "de" ? (await import("@/messages/de")).de : (await import("@/messages/en")).en;
}

/** The words of a language: `all` of them for the inside, else the first ones. */
export async function loadMessages(locale: Locale, all: boolean): Promise<Messages> {
  const words = (await (all ? loadAll(locale) : loadFirst(locale))) as Messages;
  return storedLocale() === "pseudo" ? (await import("@/lib/i18n/pseudo")).pseudo(words) : words;
}

/** No page of the inside shows anything but these before all words are there. */
export const firstMessages = first as Messages;
