"use client";

import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Dialog } from "@/components/ui/dialog";
import { Field, Input } from "@/components/ui/field";
import { useRenameThread } from "@/features/tutor/api/rename-thread";
import type { Thread } from "@/features/tutor/api/tutor";
import { useFaultText } from "@/lib/fault-text";

export function RenameThread({ thread, onClose }: { thread: Thread; onClose: () => void }) {
  const t = useTranslations("tutor");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const [title, setTitle] = useState(thread.title);
  const rename = useRenameThread();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim()) rename.mutate({ thread, title: title.trim() }, { onSuccess: onClose });
  };
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("rename")}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("title")} fault={rename.isError ? say(rename.error) : null}>
          {(wiring) => <Input {...wiring} value={title} maxLength={255} onChange={(event) => setTitle(event.target.value)} />}
        </Field>
        <Button type="submit" tone="accent" className="self-start" busy={rename.isPending}>
          {ui("save")}
        </Button>
      </form>
    </Dialog>
  );
}
