"use client";

import { ToggleGroup } from "radix-ui";
import type { ReactNode } from "react";

type Props<Value extends string> = {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  choices: { value: Value; label: ReactNode }[];
};

/** One of a few, side by side; arrow keys move between them. */
export function Tabs<Value extends string>({ label, value, onChange, choices }: Props<Value>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(chosen) => chosen && onChange(chosen as Value)}
      className="inline-flex rounded-lg border border-line bg-sunken p-0.5"
    >
      {choices.map((choice) => (
        <ToggleGroup.Item
          key={choice.value}
          value={choice.value}
          className="h-9 rounded-md px-3.5 text-[0.95rem] text-muted data-[state=on]:bg-surface data-[state=on]:font-medium data-[state=on]:text-ink data-[state=on]:shadow-sm"
        >
          {choice.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
