import Link from "next/link";
import { Button } from "@/components/ui/button";

/** Nothing to show yet, and where to begin. */
export function Nothing({ text, href, action }: { text: string; href: string; action: string }) {
  return (
    <div className="flex flex-col items-start gap-3">
      <p className="max-w-prose text-muted">{text}</p>
      <Button asChild>
        <Link href={href} prefetch={false}>
          {action}
        </Link>
      </Button>
    </div>
  );
}
