import type { ReactNode } from "react";
import { Card } from "@/components/ui/page";

/** A group of settings under its title. */
export function Section({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  return (
    <Card>
      <h2 className="text-lg font-semibold">{title}</h2>
      {lead && <p className="text-[0.95rem] text-muted">{lead}</p>}
      <div className="mt-4">{children}</div>
    </Card>
  );
}
