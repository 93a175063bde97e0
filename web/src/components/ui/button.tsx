import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

type Look = { tone?: "accent" | "plain" | "quiet" | "danger"; size?: "small" | "normal" | "large" | "icon" };

type Props = ComponentProps<"button"> & Look & { asChild?: boolean; busy?: boolean };

/** A button; `busy` keeps its width and its place in the tab order while it says that it works. */
export function Button({ tone = "plain", size = "normal", asChild, busy, className, disabled, type, ...props }: Props) {
  const Tag = asChild ? Slot.Root : "button";
  return (
    <Tag
      className={cn(`button button-${tone} button-${size}`, busy && "cursor-progress opacity-70", className)}
      aria-busy={busy || undefined}
      disabled={asChild ? undefined : disabled}
      aria-disabled={busy || undefined}
      {...(asChild ? {} : { type: type ?? "button" })}
      {...props}
      onClick={busy ? (event) => event.preventDefault() : props.onClick}
    />
  );
}
