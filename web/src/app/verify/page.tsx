import type { Metadata } from "next";
import { Suspense } from "react";
import { Verify } from "@/features/account/components/verify";

export const metadata: Metadata = { title: "Confirm your address" };

export default function VerifyPage() {
  return (
    <Suspense>
      <Verify />
    </Suspense>
  );
}
