import { Landing } from "@/features/account/components/landing";

export default function LandingPage() {
  return <Landing />;
}
