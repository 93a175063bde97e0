import { cva, type VariantProps } from "class-variance-authority";
import { Slot } from "radix-ui";
import type { ComponentProps } from "react";
import { cn } from "@/lib/cn";

const look = cva(
  "inline-flex select-none items-center justify-center gap-2 whitespace-nowrap rounded-lg font-medium transition-colors disabled:opacity-55 aria-disabled:opacity-55 [&_svg]:shrink-0",
  {
    variants: {
      tone: {
        accent: "bg-accent text-accent-ink hover:bg-accent-strong",
        plain: "border border-line bg-surface text-ink hover:bg-sunken",
        quiet: "text-ink hover:bg-sunken",
        danger: "border border-bad bg-surface text-bad hover:bg-bad-soft",
      },
      size: {
        small: "h-8 px-3 text-sm [&_svg]:size-4",
        normal: "h-10 px-4 text-[0.95rem] [&_svg]:size-[1.1rem]",
        large: "h-12 px-6 text-base [&_svg]:size-5",
        icon: "size-10 [&_svg]:size-[1.15rem]",
      },
    },
    defaultVariants: { tone: "plain", size: "normal" },
  },
);

type Props = ComponentProps<"button"> & VariantProps<typeof look> & { asChild?: boolean; busy?: boolean };

/** A button; `busy` keeps its width and its place in the tab order while it says that it works. */
export function Button({ tone, size, asChild, busy, className, disabled, type, ...props }: Props) {
  const Tag = asChild ? Slot.Root : "button";
  return (
    <Tag
      className={cn(look({ tone, size }), busy && "cursor-progress opacity-70", className)}
      aria-busy={busy || undefined}
      disabled={asChild ? undefined : disabled}
      aria-disabled={busy || undefined}
      {...(asChild ? {} : { type: type ?? "button" })}
      {...props}
      onClick={busy ? (event) => event.preventDefault() : props.onClick}
    />
  );
}
