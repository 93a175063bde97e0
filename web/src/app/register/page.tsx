import type { Metadata } from "next";
import { Suspense } from "react";
import { Door } from "@/features/account/components/door";

export const metadata: Metadata = { title: "Create account" };

export default function RegisterPage() {
  return (
    <Suspense>
      <Door isNew={true} />
    </Suspense>
  );
}
