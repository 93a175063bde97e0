"use client";

import { useEffect, useEffectEvent, useRef, useState, type KeyboardEvent } from "react";
import { useTranslations } from "use-intl";
import { useCommands, type Command } from "@/components/shell/commands";
import { Dialog } from "@/components/ui/dialog";
import { Input } from "@/components/ui/field";
import { cn } from "@/lib/cn";

const optionId = (command: Command) => `palette-${command.id}`;

/** Type a few letters, go there: arrow keys choose, Enter does it. */
export function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations("shell");
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const [waiting, setWaiting] = useState(false);
  const { commands, searching } = useCommands(text.trim());
  const active = Math.min(at, commands.length - 1);
  const chosen = commands[active];

  useEffect(() => {
    list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  }, [active]);

  const run = (command: Command | undefined) => {
    if (!command) return;
    onClose();
    command.run();
  };
  // Enter right after the last letter means what is found, which comes a moment later.
  const take = useEffectEvent(() => run(commands[active]));
  useEffect(() => {
    if (waiting && !searching) take();
  }, [waiting, searching]);
  const press = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.nativeEvent.isComposing || (!step && event.key !== "Enter")) return;
    event.preventDefault();
    if (step) setAt((active + step + commands.length) % Math.max(commands.length, 1));
    else if (searching && chosen?.id === "add") setWaiting(true);
    else run(chosen);
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t("palette")}>
      <Input
        autoFocus
        role="combobox"
        aria-label={t("paletteHint")}
        aria-expanded
        aria-controls="palette"
        aria-autocomplete="list"
        aria-activedescendant={chosen && optionId(chosen)}
        placeholder={t("paletteHint")}
        autoComplete="off"
        maxLength={255}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          setWaiting(false);
        }}
        onKeyDown={press}
      />
      <ul ref={list} id="palette" role="listbox" aria-label={t("results")} className="mt-3 flex flex-col">
        {commands.map((command) => (
          <Option key={command.id} command={command} chosen={command === chosen} onRun={() => run(command)} />
        ))}
      </ul>
    </Dialog>
  );
}

function Option({ command, chosen, onRun }: { command: Command; chosen: boolean; onRun: () => void }) {
  const Icon = command.icon;
  return (
    // The keyboard is served by the input, which holds the focus.
    <li
      id={optionId(command)}
      role="option"
      aria-selected={chosen}
      onClick={onRun}
      className={cn("flex min-h-11 cursor-pointer items-center gap-3 rounded-lg px-3 py-1.5 hover:bg-sunken", chosen && "bg-accent-soft text-accent-strong")}
    >
      <Icon className="size-[1.15rem] shrink-0" aria-hidden />
      <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">{command.label}</span>
      {command.kind && <span className={cn("text-sm", chosen ? "text-accent-strong" : "text-muted")}>{command.kind}</span>}
    </li>
  );
}
