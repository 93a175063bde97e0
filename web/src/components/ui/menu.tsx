"use client";

import { Slot } from "radix-ui";
import { lazy, Suspense, useState } from "react";
import type { MenuProps } from "@/components/ui/open-menu";

const load = () => import("@/components/ui/open-menu");
const OpenMenu = lazy(load);

/** A button's list of things to do, loaded when it is first wanted. `trigger` is the button itself. */
export function Menu({ trigger, choices }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <Slot.Root aria-haspopup="menu" aria-expanded={false} onPointerEnter={() => void load()} onClick={() => setWanted(true)}>
      {trigger}
    </Slot.Root>
  );
  if (!wanted) return closed;
  return (
    <Suspense fallback={closed}>
      <OpenMenu trigger={trigger} choices={choices} />
    </Suspense>
  );
}
