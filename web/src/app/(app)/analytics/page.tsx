import type { Metadata } from "next";
import { Suspense } from "react";
import { Analytics } from "@/features/analytics/components/analytics";

export const metadata: Metadata = { title: "Progress" };

export default function AnalyticsPage() {
  return (
    <Suspense>
      <Analytics />
    </Suspense>
  );
}
