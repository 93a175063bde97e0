"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Dialog } from "@/components/ui/dialog";

/** Ask before calendars that have the old address stop being told. */
export function OtherAddress({ onRenew, onClose }: { onRenew: () => void; onClose: () => void }) {
  const t = useTranslations("calendar");
  const ui = useTranslations("ui");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("renewTitle")} description={t("renewText")}>
      <div className="flex flex-wrap justify-end gap-3">
        <Button onClick={onClose}>{ui("cancel")}</Button>
        <Button tone="danger" onClick={onRenew}>
          {t("renew")}
        </Button>
      </div>
    </Dialog>
  );
}

/** The address, this once. */
export function NewAddress({ address, onClose }: { address: string; onClose: () => void }) {
  const t = useTranslations("calendar");
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("made")} description={t("once")}>
      <div className="flex items-center gap-2 rounded-lg bg-sunken py-2 pl-3 pr-2">
        <code className="min-w-0 flex-1 text-sm [overflow-wrap:anywhere]">{address}</code>
        <CopyButton text={address} />
      </div>
      <p className="mt-3 text-sm text-muted">{t("how")}</p>
    </Dialog>
  );
}
