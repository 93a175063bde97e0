"use client";

import { Slot } from "radix-ui";
import { useState } from "react";
import { late } from "@/components/ui/late";
import type { MenuProps } from "@/components/ui/open-menu";

const load = () => import("@/components/ui/open-menu").then((module) => module.default);
const OpenMenu = late(load);

/** A button's list of things to do, loaded when it is first wanted. `trigger` is the button itself. */
export function Menu({ trigger, choices }: MenuProps) {
  const [wanted, setWanted] = useState(false);
  const closed = (
    <Slot.Root aria-haspopup="menu" aria-expanded={false} onPointerEnter={() => void load().catch(() => undefined)} onClick={() => setWanted(true)}>
      {trigger}
    </Slot.Root>
  );
  return wanted ? <OpenMenu instead={closed} trigger={trigger} choices={choices} /> : closed;
}
