"use client";

import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { tell } from "@/components/ui/notes";
import { useDeleteDocument } from "@/features/documents/api/delete";
import type { Document } from "@/features/documents/api/documents";
import { useFaultText } from "@/lib/fault-text";

/** Ask before a document is gone for good. */
export function DeleteDialog({ document, onClose }: { document: Document; onClose: () => void }) {
  const t = useTranslations("documents");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const remove = useDeleteDocument();
  const drop = () =>
    remove.mutate(document, {
      onSuccess: () => {
        tell(t("deleted", { title: document.title }));
        onClose();
      },
    });
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={<span className="[overflow-wrap:anywhere]">{t("deleteTitle", { title: document.title })}</span>}
      description={t("deleteText")}
    >
      <p role="alert" className="mb-3 text-sm text-bad empty:hidden">
        {remove.error && say(remove.error)}
      </p>
      <div className="flex justify-end gap-3">
        <Button onClick={onClose}>{ui("cancel")}</Button>
        <Button tone="danger" busy={remove.isPending} onClick={drop}>
          {ui("delete")}
        </Button>
      </div>
    </Dialog>
  );
}
