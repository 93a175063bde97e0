"use client";

import { useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { tell } from "@/components/ui/notes";
import type { Preferences } from "@/features/notifications/api/notifications";
import { useSavePreferences } from "@/features/notifications/api/preferences";
import { Kinds } from "@/features/notifications/components/preferences-kinds";
import { Times } from "@/features/notifications/components/preferences-times";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

export function PreferencesForm({ saved }: { saved: Preferences }) {
  const t = useTranslations("notifications");
  const ui = useTranslations("ui");
  const say = useFaultText();
  const [draft, setDraft, clear] = useDraft<Preferences | null>("notification-preferences", null);
  const [fault, setFault] = useState("");
  const save = useSavePreferences();
  const wishes = draft ?? saved;
  const change = (part: Partial<Preferences>) => setDraft({ ...wishes, ...part });
  const quiet = wishes.quiet_hours;
  const neverQuiet = quiet && quiet.start === quiet.end ? t("sameHours") : undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFault("");
    if (neverQuiet) return;
    try {
      await save.mutateAsync(wishes);
      clear();
      tell(ui("saved"));
    } catch (error) {
      setFault(say(error));
    }
  };

  return (
    <form noValidate onSubmit={submit} className="flex flex-col gap-5">
      <Kinds switches={wishes.switches} onChange={(switches) => change({ switches })} />
      <Times wishes={wishes} fault={neverQuiet} onChange={change} />
      <p role="alert" className="text-sm text-bad empty:hidden">
        {fault}
      </p>
      <Button type="submit" className="self-start" busy={save.isPending}>
        {t("apply")}
      </Button>
    </form>
  );
}
