"use client";

import dynamic from "next/dynamic";
import { Suspense } from "react";
import { CardComing } from "@/components/ui/page";
import { useSession } from "@/lib/auth/session";

const Administration = dynamic(() => import("@/features/administration/components/administration"), { ssr: false, loading: CardComing });
const NothingHere = dynamic(() => import("@/features/administration/components/nothing-here"), { ssr: false, loading: CardComing });

/** Administrators fetch the page; everybody else is told what an address without a page tells. */
export function AdministrationPage() {
  const user = useSession((session) => session.user);
  if (!user) return null;
  return <Suspense fallback={<CardComing />}>{user.roles.includes("admin") ? <Administration /> : <NothingHere />}</Suspense>;
}
