import Link from "next/link";
import type { ReactNode } from "react";
import { Card } from "@/components/ui/page";
import { cn } from "@/lib/cn";

type Props = { title: string; more?: { href: string; label: string }; className?: string; children: ReactNode };

/** One concern of the day: its title, what there is, and at most one way on. */
export function Block({ title, more, className, children }: Props) {
  return (
    <Card className={cn("flex flex-col", className)}>
      <div className="mb-2 flex flex-wrap items-baseline justify-between gap-x-4">
        <h2 className="text-lg font-semibold">{title}</h2>
        {more && (
          <Link
            href={more.href}
            prefetch={false}
            className="rounded py-0.5 text-[0.95rem] text-accent underline-offset-4 hover:underline"
          >
            {more.label}
          </Link>
        )}
      </div>
      {children}
    </Card>
  );
}
