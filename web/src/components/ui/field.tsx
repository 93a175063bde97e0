"use client";

import { useId, type ComponentProps, type ReactNode } from "react";
import { cn } from "@/lib/cn";

export const inputLook = "control control-line";

type Wiring = { id: string; "aria-invalid"?: true; "aria-describedby"?: string };

type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  fault?: string | null;
  hideLabel?: boolean;
  className?: string;
  children: (wiring: Wiring) => ReactNode;
};

/** A label, its control and, right below, what is wrong with it. */
export function Field({ label, hint, fault, hideLabel, className, children }: FieldProps) {
  const id = useId();
  const described = [fault && `${id}-fault`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div className={cn("flex flex-col gap-1.5", className)}>
      <label htmlFor={id} className={cn("text-sm font-medium", hideLabel && "sr-only")}>
        {label}
      </label>
      {children({
        id,
        ...(fault ? { "aria-invalid": true as const } : {}),
        ...(described ? { "aria-describedby": described } : {}),
      })}
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
      {fault && (
        <p id={`${id}-fault`} className="text-sm text-bad">
          {fault}
        </p>
      )}
    </div>
  );
}

export function Input({ className, ...props }: ComponentProps<"input">) {
  return <input className={cn(inputLook, className)} {...props} />;
}

export function Textarea({ className, ...props }: ComponentProps<"textarea">) {
  return <textarea className={cn("control control-lines", className)} {...props} />;
}

/** The browser's own list: Radix's would inject a style that the Content-Security-Policy refuses. */
export function Select({ className, ...props }: ComponentProps<"select">) {
  return <select className={cn(inputLook, "pr-8", className)} {...props} />;
}
