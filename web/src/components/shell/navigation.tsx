"use client";

import { Bell, Ellipsis } from "lucide-react";
import Link from "next/link";
import { Fragment, memo } from "react";
import { useTranslations } from "use-intl";
import { useDestinations, type Destination } from "@/components/shell/destinations";
import { Logo } from "@/components/shell/logo";
import { Menu } from "@/components/ui/menu";
import { openBell, useBell } from "@/lib/bell";
import { cn } from "@/lib/cn";
import { usePathname, useRouter } from "@/lib/nav";

/** On a wide screen: all places at the side. */
export const SideNavigation = memo(function SideNavigation() {
  const t = useTranslations("shell");
  const here = usePathname();
  const places = useDestinations();
  return (
    <nav aria-label={t("main")} className="sticky top-0 hidden h-dvh w-56 shrink-0 flex-col gap-1 border-r border-line px-3 py-5 md:flex print:hidden">
      <Link href="/today" prefetch={false} className="mb-4 flex items-center gap-2.5 rounded-lg px-3 text-lg font-semibold">
        <Logo className="size-7 text-accent" /> Study Teddy
      </Link>
      {places.map((place) => (
        <Fragment key={place.name}>
          {place.name === "settings" && <SideBell />}
          <SideLink place={place} current={here === place.href} />
        </Fragment>
      ))}
    </nav>
  );
});

const sideLook = "flex items-center gap-3 rounded-lg px-3 py-2 text-[0.95rem] transition-colors";
const quietLook = "text-muted hover:bg-sunken hover:text-ink";

function SideBell() {
  const t = useTranslations("shell");
  const unread = useBell((bell) => bell.unread);
  return (
    <button
      type="button"
      aria-haspopup="dialog"
      aria-label={t("unread", { count: unread })}
      onClick={() => openBell(true)}
      className={cn(sideLook, quietLook, "mt-auto")}
    >
      <Bell className="size-[1.15rem]" aria-hidden />
      <span className="flex-1 text-left">{t("notifications")}</span>
      {unread > 0 && <Count unread={unread} />}
    </button>
  );
}

const MOST_TOLD = 99;

function Count({ unread }: { unread: number }) {
  return (
    <span aria-hidden className="min-w-6 rounded-full bg-accent px-1.5 text-center text-[0.8rem] font-semibold text-accent-ink">
      {unread > MOST_TOLD ? `${MOST_TOLD}+` : unread}
    </span>
  );
}

function SideLink({ place, current }: { place: Destination; current: boolean }) {
  const t = useTranslations("shell");
  const Icon = place.icon;
  return (
    <Link
      href={place.href}
      prefetch={false}
      aria-current={current ? "page" : undefined}
      className={cn(sideLook, current ? "bg-accent-soft font-medium text-accent-strong" : quietLook)}
    >
      <Icon className="size-[1.15rem]" aria-hidden />
      {t(place.name)}
    </Link>
  );
}

const AT_HAND = ["today", "tasks", "documents", "tutor", "flashcards"];

/** On a phone: five places within reach of a thumb, the rest behind "More". */
export const BottomNavigation = memo(function BottomNavigation() {
  const t = useTranslations("shell");
  const here = usePathname();
  const router = useRouter();
  const unread = useBell((bell) => bell.unread);
  const places = useDestinations();
  const rest = places.filter((place) => !AT_HAND.includes(place.name));
  return (
    <nav
      aria-label={t("main")}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden print:hidden"
    >
      {places.filter((place) => AT_HAND.includes(place.name)).map(({ name, href, icon: Icon }) => (
        <Link
          key={name}
          href={href}
          prefetch={false}
          aria-current={here === href ? "page" : undefined}
          className={cn(
            "flex min-w-0 flex-1 flex-col items-center gap-0.5 py-2 text-[0.68rem]",
            here === href ? "font-semibold text-accent-strong" : "text-muted",
          )}
        >
          <Icon className="size-5" aria-hidden />
          <span className="max-w-full truncate px-0.5">{t(`short.${name as "today"}`)}</span>
        </Link>
      ))}
      <Menu
        trigger={
          <button
            type="button"
            aria-label={unread > 0 ? t("moreUnread", { count: unread }) : undefined}
            className={cn(
              "relative flex min-w-0 flex-1 flex-col items-center gap-0.5 py-2 text-[0.68rem]",
              rest.some((place) => place.href === here) ? "font-semibold text-accent-strong" : "text-muted",
            )}
          >
            <Ellipsis className="size-5" aria-hidden />
            {unread > 0 && <span aria-hidden className="absolute left-1/2 top-1.5 ml-2 size-2 rounded-full bg-accent" />}
            {t("more")}
          </button>
        }
        choices={[
          { label: t("unread", { count: unread }), onSelect: () => openBell(true) },
          ...rest.map((place) => ({ label: t(place.name), onSelect: () => router.push(place.href) })),
        ]}
      />
    </nav>
  );
});
