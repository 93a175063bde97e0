"use client";

import { useRef, type KeyboardEvent, type ReactNode } from "react";

type Props<Value extends string> = {
  label: string;
  value: Value;
  onChange: (value: Value) => void;
  choices: { value: Value; label: ReactNode }[];
};

const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** One of a few, side by side; arrow keys choose the next one (the pattern of radio buttons). */
export function Tabs<Value extends string>({ label, value, onChange, choices }: Props<Value>) {
  const group = useRef<HTMLDivElement>(null);
  const press = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const at = choices.findIndex((choice) => choice.value === value);
    const next = (at + step + choices.length) % choices.length;
    onChange(choices[next]!.value);
    group.current?.querySelectorAll<HTMLElement>("[role=radio]")[next]?.focus();
  };
  return (
    <div ref={group} role="radiogroup" aria-label={label} onKeyDown={press} className="inline-flex flex-wrap rounded-lg border border-line bg-sunken p-0.5">
      {choices.map((choice) => (
        <button
          key={choice.value}
          type="button"
          role="radio"
          aria-checked={choice.value === value}
          tabIndex={choice.value === value ? 0 : -1}
          onClick={() => onChange(choice.value)}
          className="h-9 rounded-md px-3.5 text-[0.95rem] text-muted aria-checked:bg-surface aria-checked:font-medium aria-checked:text-ink aria-checked:shadow-sm"
        >
          {choice.label}
        </button>
      ))}
    </div>
  );
}
