import type { Metadata } from "next";
import { Suspense } from "react";
import { Documents } from "@/features/documents/components/documents";

export const metadata: Metadata = { title: "Documents" };

export default function DocumentsPage() {
  return (
    <Suspense>
      <Documents />
    </Suspense>
  );
}
