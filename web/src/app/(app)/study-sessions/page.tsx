import type { Metadata } from "next";
import { Suspense } from "react";
import { StudySessions } from "@/features/study-sessions/components/study-sessions";

export const metadata: Metadata = { title: "Focus" };

export default function StudySessionsPage() {
  return (
    <Suspense>
      <StudySessions />
    </Suspense>
  );
}
