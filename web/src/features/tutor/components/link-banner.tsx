"use client";

import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslations } from "use-intl";
import { useLink } from "@/lib/socket/socket";

/** Tells of a line that broke and comes back by itself; the first connecting is no news. */
export function LinkBanner() {
  const t = useTranslations("tutor");
  const link = useLink();
  const [broken, setBroken] = useState(false);
  useEffect(() => {
    if (link === "waiting") setBroken(true);
    else if (link !== "connecting") setBroken(false);
  }, [link]);
  return (
    <div role="status">
      {broken && (
        <p className="flex items-center justify-center gap-2 bg-warn-soft px-4 py-1.5 text-sm text-warn">
          <CloudOff className="size-4" aria-hidden /> {t("reconnecting")}
        </p>
      )}
    </div>
  );
}
