"use client";

import { BookOpenText, CalendarCheck, Layers } from "lucide-react";
import Link from "next/link";
import { useEffect } from "react";
import { useTranslations } from "use-intl";
import { Glimpse } from "@/features/account/components/glimpse";
import { Logo } from "@/components/shell/logo";
import { Button } from "@/components/ui/button";
import { begin, useSession } from "@/lib/auth/session";

const REASONS = [
  { icon: BookOpenText, title: "readTitle", text: "readText" },
  { icon: Layers, title: "cardsTitle", text: "cardsText" },
  { icon: CalendarCheck, title: "planTitle", text: "planText" },
] as const;

/** What Study Teddy is for, and the way in. */
export function Landing() {
  const t = useTranslations("landing");
  const inside = useSession((session) => session.status === "in");
  useEffect(() => void begin().catch(() => undefined), []);
  return (
    <div className="mx-auto flex min-h-dvh max-w-6xl flex-col px-5 py-6 sm:px-8">
      <header className="flex items-center justify-between">
        <span className="flex items-center gap-2.5 text-lg font-semibold">
          <Logo className="size-8 text-accent" /> Study Teddy
        </span>
        <Button asChild tone="quiet">
          <Link href={inside ? "/today" : "/login"} prefetch={false}>
            {inside ? t("open") : t("login")}
          </Link>
        </Button>
      </header>
      <main className="flex flex-1 flex-col justify-center gap-14 py-14">
        <div className="grid items-center gap-12 lg:grid-cols-[1.15fr_1fr]">
          <div className="max-w-2xl">
          <h1 className="text-4xl font-semibold leading-[1.12] sm:text-5xl">{t("title")}</h1>
          <p className="mt-5 text-lg text-muted sm:text-xl">{t("lead")}</p>
          <Button asChild tone="accent" size="large" className="mt-8 h-auto min-h-12 max-w-full whitespace-normal py-2 text-center">
            <Link href={inside ? "/today" : "/register"} prefetch={false}>
              {inside ? t("open") : t("begin")}
            </Link>
          </Button>
          </div>
          <Glimpse />
        </div>
        <ul className="grid gap-8 sm:grid-cols-3">
          {REASONS.map(({ icon: Icon, title, text }) => (
            <li key={title}>
              <Icon className="size-6 text-accent" aria-hidden />
              <h2 className="mt-3 font-semibold">{t(title)}</h2>
              <p className="mt-1 text-[0.97rem] text-muted">{t(text)}</p>
            </li>
          ))}
        </ul>
      </main>
    </div>
  );
}
