import type { ReactNode } from "react";
import { Gate } from "@/components/shell/gate";
import { Bell } from "@/features/notifications/components/bell-lazy";
import { Offline } from "@/features/offline/components/offline";

export default function InsideLayout({ children }: { children: ReactNode }) {
  return (
    <Gate above={<Offline />} beside={<Bell />}>
      {children}
    </Gate>
  );
}
