"use client";

import { Download } from "lucide-react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { useExport } from "@/features/account/api/export-data";
import { useFaultText } from "@/lib/fault-text";

/** Everything in one file, downloaded by the browser. */
export function ExportData() {
  const t = useTranslations("data");
  const say = useFaultText();
  const save = useExport();
  return (
    <>
      <Button busy={save.isPending} onClick={() => save.mutate()}>
        <Download aria-hidden /> {t("exportNow")}
      </Button>
      <p role="status" className="text-sm text-muted empty:hidden">
        {save.isSuccess && t("exporting")}
      </p>
      <p role="alert" className="text-sm text-bad empty:hidden">
        {save.error && say(save.error)}
      </p>
    </>
  );
}
