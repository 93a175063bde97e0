import Link from "next/link";
import type { ReactNode } from "react";
import { Logo } from "@/components/shell/logo";

/** The frame of the pages before the log-in, which letters lead to. */
export function Threshold({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col justify-center gap-7 px-5 py-10">
      <Link href="/" prefetch={false} className="self-center rounded-full" aria-label="Study Teddy">
        <Logo className="size-12 text-accent" />
      </Link>
      <h1 className="text-center text-2xl font-semibold">{title}</h1>
      {children}
    </main>
  );
}

export function ThresholdLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} prefetch={false} className="self-center rounded text-[0.95rem] text-accent underline-offset-4 hover:underline">
      {children}
    </Link>
  );
}
