import Link from "next/link";
import { Logo } from "@/components/shell/logo";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-4 px-5 text-center">
      <Logo className="mb-2 size-12 text-accent" />
      <h1 className="text-2xl font-semibold">There is nothing at this address</h1>
      <p className="text-muted">The link may be old, or a letter got lost on the way.</p>
      <Link href="/today" prefetch={false} className="font-medium text-accent underline underline-offset-4">
        Go to today
      </Link>
    </main>
  );
}
