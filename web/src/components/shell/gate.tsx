"use client";

import { useDeferredValue, useEffect, useState, type ReactNode } from "react";
import { useTranslations } from "use-intl";
import { BottomNavigation, SideNavigation } from "@/components/shell/navigation";
import { late } from "@/components/ui/late";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { begin, beginEarly, useSession } from "@/lib/auth/session";
import { loadMessages, preferredLocale } from "@/lib/i18n/messages";
import { useAllWords } from "@/lib/i18n/provider";
import { usePathname, useRouter } from "@/lib/nav";
import { rememberPlace } from "@/lib/recent-places";

const Shortcuts = late(() => import("@/components/shell/shortcuts").then((module) => module.Shortcuts), { unasked: true });

// Asked for as soon as this file runs, since every page of the inside waits for both: a slow phone takes a second more
// to bring the exported page to life. What goes wrong here is met and told when the page asks in its turn.
if (typeof window !== "undefined") {
  void beginEarly();
  loadMessages(preferredLocale(), true).catch(() => undefined);
}

/** The inside: for people who are logged in; everybody else is led to the log-in and back again. `above` tops each page, `beside` comes on its own. */
export function Gate({ above, beside, children }: { above?: ReactNode; beside?: ReactNode; children: ReactNode }) {
  const t = useTranslations("ui");
  const { status, farewell } = useSession();
  const words = useAllWords();
  const [fault, setFault] = useState<Error | null>(null);
  const router = useRouter();
  const pathname = usePathname();

  const start = () => {
    setFault(null);
    begin().catch(setFault);
  };
  useEffect(start, []);

  useEffect(() => {
    if (status !== "out") return;
    const [name, value] = farewell ? ["told", farewell] : ["next", pathname + window.location.search];
    router.replace(`/login?${name}=${encodeURIComponent(value)}`);
  }, [status, farewell, pathname, router]);

  const ready = status === "in" && words.whole;
  useEffect(() => {
    if (ready) rememberPlace(pathname);
  }, [ready, pathname]);
  // Deferred, the first look at a page is rendered in slices, and a slow phone can scroll and tap meanwhile.
  const open = useDeferredValue(ready) && ready;
  return (
    <div className="flex min-h-dvh">
      <a href="#content" className="sr-only z-50 rounded-lg bg-accent px-4 py-2 text-accent-ink focus:not-sr-only focus:fixed focus:left-3 focus:top-3">
        {t("skip")}
      </a>
      <SideNavigation />
      <main id="content" tabIndex={-1} className="min-w-0 flex-1 pb-20 outline-none md:pb-0">
        {open && above}
        {open ? children : <Waiting fault={fault ?? words.fault} onRetry={words.fault ? () => window.location.reload() : start} />}
      </main>
      <BottomNavigation />
      {open && <Shortcuts />}
      {open && beside}
    </div>
  );
}

function Waiting({ fault, onRetry }: { fault: Error | null; onRetry: () => void }) {
  return (
    <div className="mx-auto max-w-3xl px-4 py-9 sm:px-8">
      {fault ? <ErrorState error={fault} onRetry={onRetry} /> : <ListSkeleton />}
    </div>
  );
}
