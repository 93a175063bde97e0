"use client";

import dynamic from "next/dynamic";
import { useSearchParams } from "next/navigation";
import { Suspense } from "react";
import { useTranslations } from "use-intl";

const DoorProblem = dynamic(() => import("@/features/account/components/door-problem"), { ssr: false });

/** What brought somebody to the door: what they did here before (`told`), or what went wrong on the way in (`problem`). */
export function DoorNotice() {
  const t = useTranslations("auth");
  const parameters = useSearchParams();
  const told = `told.${parameters.get("told")}`;
  const problem = parameters.get("problem");
  return (
    <>
      {t.has(told) && (
        <p role="status" className="rounded-lg bg-sunken px-4 py-3 text-[0.95rem]">
          {t(told)}
        </p>
      )}
      {problem && (
        <Suspense>
          <DoorProblem code={problem} />
        </Suspense>
      )}
    </>
  );
}
