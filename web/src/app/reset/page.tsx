import type { Metadata } from "next";
import { Suspense } from "react";
import { Reset } from "@/features/account/components/reset";

export const metadata: Metadata = { title: "Set a new password" };

export default function ResetPage() {
  return (
    <Suspense>
      <Reset />
    </Suspense>
  );
}
