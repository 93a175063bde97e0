import type { Metadata } from "next";
import { Suspense } from "react";
import { Flashcards } from "@/features/flashcards/components/flashcards";

export const metadata: Metadata = { title: "Flashcards" };

export default function FlashcardsPage() {
  return (
    <Suspense>
      <Flashcards />
    </Suspense>
  );
}
