"use client";

import { BookOpenText, SendHorizontal, Square } from "lucide-react";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Textarea } from "@/components/ui/field";
import { Tabs } from "@/components/ui/tabs";
import { LONGEST_QUESTION, MODES, type Mode } from "@/features/tutor/api/tutor";
import { SourceChips } from "@/features/tutor/components/source-chips";
import { SourcePicker } from "@/features/tutor/components/source-picker";

type Props = {
  text: string;
  onText: (text: string) => void;
  onSend: (text: string) => void;
  busy: boolean;
  onStop: () => void;
  mode: Mode;
  onMode: (mode: Mode) => void;
  sources: string[];
  onSources: (sources: string[]) => void;
};

/** The line to ask in, how the tutor should help, and from what it may answer. */
export function Composer({ text, onText, onSend, busy, onStop, mode, onMode, sources, onSources }: Props) {
  const t = useTranslations("tutor");
  const [picking, setPicking] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);

  useEffect(() => {
    const listen = (event: globalThis.KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || document.querySelector("[role=dialog][data-state=open]")) return;
      if (busy) onStop();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [busy, onStop]);

  const send = () => {
    if (busy || !text.trim()) return;
    onSend(text.trim());
    field.current?.focus();
  };
  const pressed = (event: KeyboardEvent) => {
    // While an input method composes, Enter belongs to it.
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };

  return (
    <div className="mx-auto w-full max-w-3xl px-4 pb-3 pt-2 sm:px-6 print:hidden">
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Tabs label={t("mode")} value={mode} onChange={onMode} choices={MODES.map((value) => ({ value, label: t(`modes.${value}`) }))} />
        <Button size="small" className="h-9" onClick={() => setPicking(true)}>
          <BookOpenText aria-hidden /> {t(sources.length > 0 ? "sources" : "allSources")}
        </Button>
        <SourceChips chosen={sources} onChange={onSources} />
      </div>
      <div className="flex items-end gap-2">
        <Textarea
          ref={field}
          aria-label={t("question")}
          placeholder={t("placeholder")}
          value={text}
          rows={1}
          maxLength={LONGEST_QUESTION}
          onChange={(event) => onText(event.target.value)}
          onKeyDown={pressed}
          className="field-sizing-content max-h-48 min-h-12 flex-1 resize-none"
        />
        {busy ? (
          <Button size="large" className="px-4" onClick={onStop} aria-label={t("stop")} title={t("stopHint")}>
            <Square aria-hidden className="fill-current" />
          </Button>
        ) : (
          <Button tone="accent" size="large" className="px-4" onClick={send} disabled={!text.trim()} aria-label={t("send")}>
            <SendHorizontal aria-hidden />
          </Button>
        )}
      </div>
      {picking && <SourcePicker chosen={sources} onChange={onSources} onClose={() => setPicking(false)} />}
    </div>
  );
}
