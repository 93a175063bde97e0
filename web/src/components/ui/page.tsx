import type { ReactNode } from "react";
import { ListSkeleton } from "@/components/ui/states";
import { cn } from "@/lib/cn";

/** A page's title with its main action, and what stands below. */
export function Page({
  title,
  lead,
  action,
  wide,
  children,
}: {
  title: ReactNode;
  lead?: ReactNode;
  action?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}) {
  return (
    <div className={cn("mx-auto w-full px-4 py-6 sm:px-8 sm:py-9", wide ? "max-w-6xl" : "max-w-3xl")}>
      <header className="mb-6 flex flex-wrap items-end gap-x-4 gap-y-3">
        <div className="min-w-0 grow basis-56">
          <h1 className="text-[1.7rem] font-semibold leading-tight">{title}</h1>
          {lead && <p className="mt-1 text-muted">{lead}</p>}
        </div>
        {action}
      </header>
      {children}
    </div>
  );
}

/** A quiet box. */
export function Card({ className, children }: { className?: string; children: ReactNode }) {
  return <section className={cn("rounded-card border border-line bg-surface p-5", className)}>{children}</section>;
}

/** A box whose content is on its way. */
export function CardComing() {
  return (
    <Card>
      <ListSkeleton rows={1} />
    </Card>
  );
}
