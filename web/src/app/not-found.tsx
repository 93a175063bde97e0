import { Logo } from "@/components/shell/logo";

export default function NotFound() {
  return (
    <main className="mx-auto flex min-h-dvh max-w-md flex-col items-center justify-center gap-4 px-5 text-center">
      <Logo className="mb-2 size-12 text-accent" />
      <h1 className="text-2xl font-semibold">There is nothing at this address</h1>
      <p className="text-muted">The link may be old, or a letter got lost on the way.</p>
      {/* No <Link>: its code would come with every page. */}
      <a href="/today" className="font-medium text-accent underline underline-offset-4">
        Go to today
      </a>
    </main>
  );
}
