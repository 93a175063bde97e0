import type { Metadata } from "next";
import { Suspense } from "react";
import { AdministrationPage } from "@/features/administration/components/administration-page";

export const metadata: Metadata = { title: "Administration" };

export default function Administration() {
  return (
    <Suspense>
      <AdministrationPage />
    </Suspense>
  );
}
