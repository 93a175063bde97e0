import type { Metadata } from "next";
import { Suspense } from "react";
import { Door } from "@/features/account/components/door";

export const metadata: Metadata = { title: "Log in" };

export default function LoginPage() {
  return (
    <Suspense>
      <Door isNew={false} />
    </Suspense>
  );
}
