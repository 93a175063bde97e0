"use client";

import { useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { useFaultText } from "@/lib/fault-text";

type Props = { title: string; text: string; act: () => Promise<unknown>; onClose: () => void };

/** Ask before something is gone for good. */
export function ConfirmDelete({ title, text, act, onClose }: Props) {
  const ui = useTranslations("ui");
  const say = useFaultText();
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState("");
  const go = async () => {
    setBusy(true);
    setFault("");
    try {
      await act();
      onClose();
    } catch (error) {
      setFault(say(error));
      setBusy(false);
    }
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={title} description={text}>
      <p role="alert" className="mb-3 text-sm text-bad empty:hidden">
        {fault}
      </p>
      <div className="flex flex-wrap justify-end gap-3">
        <Button onClick={onClose}>{ui("cancel")}</Button>
        <Button tone="danger" busy={busy} onClick={go}>
          {ui("delete")}
        </Button>
      </div>
    </Dialog>
  );
}
