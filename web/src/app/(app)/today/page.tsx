import type { Metadata } from "next";
import { Page } from "@/components/ui/page";

export const metadata: Metadata = { title: "Today" };

export default function TodayPage() {
  return <Page title="Today">{null}</Page>;
}
