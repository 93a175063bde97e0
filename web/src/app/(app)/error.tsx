"use client";

import { useQueryClient } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/states";

/** A page that broke while it was shown. The places at the side stay, and drafts are kept where they are. */
export default function PageBroke({ error, reset }: { error: Error; reset: () => void }) {
  const t = useTranslations("ui");
  const queries = useQueryClient();
  const again = () => {
    // A file that could not be fetched stays missing until the page is loaded anew.
    if (error.name === "ChunkLoadError" && navigator.onLine) return window.location.reload();
    // What could not be shown would come again out of memory.
    queries.removeQueries();
    reset();
  };
  return (
    <div role="alert" className="mx-auto max-w-3xl px-4 py-9 sm:px-8">
      <EmptyState
        icon={TriangleAlert}
        title={t("brokeTitle")}
        action={
          <Button tone="accent" onClick={again}>
            {t("retry")}
          </Button>
        }
      >
        {t("brokeText")}
      </EmptyState>
    </div>
  );
}
