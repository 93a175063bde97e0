import type { Metadata } from "next";
import { Suspense } from "react";
import { Today } from "@/features/today/components/today";

export const metadata: Metadata = { title: "Today" };

export default function TodayPage() {
  return (
    <Suspense>
      <Today />
    </Suspense>
  );
}
