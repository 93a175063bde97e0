"use client";

import { DropdownMenu } from "radix-ui";
import type { ReactNode } from "react";
import { cn } from "@/lib/cn";

export type Choice = { label: ReactNode; onSelect: () => void; danger?: boolean; disabled?: boolean };

export type MenuProps = { trigger: ReactNode; choices: Choice[] };

/** The list of a menu that was opened once; it comes up open. */
export default function OpenMenu({ trigger, choices }: MenuProps) {
  return (
    <DropdownMenu.Root modal={false} defaultOpen>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="end"
          sideOffset={6}
          className="z-50 min-w-44 animate-in rounded-lg border border-line bg-surface p-1 shadow-raised"
        >
          {choices.map((choice, number) => (
            <DropdownMenu.Item
              key={number}
              disabled={choice.disabled}
              onSelect={choice.onSelect}
              className={cn(
                "flex cursor-pointer items-center gap-2 rounded-md px-3 py-2 text-[0.95rem] outline-none data-[disabled]:opacity-50 data-[highlighted]:bg-sunken",
                choice.danger && "text-bad",
              )}
            >
              {choice.label}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
