import type { Metadata } from "next";
import { Suspense } from "react";
import { Forgot } from "@/features/account/components/forgot";

export const metadata: Metadata = { title: "Forgot your password?" };

export default function ForgotPage() {
  return (
    <Suspense>
      <Forgot />
    </Suspense>
  );
}
