import type { Metadata } from "next";
import { Suspense } from "react";
import { Tutor } from "@/features/tutor/components/tutor";

export const metadata: Metadata = { title: "AI tutor" };

export default function TutorPage() {
  return (
    <Suspense>
      <Tutor />
    </Suspense>
  );
}
