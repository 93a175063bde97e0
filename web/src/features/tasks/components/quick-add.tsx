"use client";

import { Plus } from "lucide-react";
import { useDeferredValue, useRef, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { inputLook } from "@/components/ui/field";
import { tell } from "@/components/ui/notes";
import { useAddTask } from "@/features/tasks/api/add";
import { draftOf, useDraftOf } from "@/features/tasks/api/parse";
import type { DraftPart } from "@/features/tasks/api/tasks";
import { TaskMarks } from "@/features/tasks/components/task-marks";
import { cn } from "@/lib/cn";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";

/** One line is a task: its date, length, subject and urgency are read out of it and shown before it is added. What was meant as words is made words again. */
export function QuickAdd({ onAdded, autoFocus }: { onAdded?: () => void; autoFocus?: boolean }) {
  const t = useTranslations("tasks");
  const say = useFaultText();
  const [text, setText, clear] = useDraft("quick-add", "");
  const [unread, setUnread] = useState<DraftPart[]>([]);
  const input = useRef<HTMLInputElement>(null);
  const shown = useDraftOf(useDeferredValue(text), unread);
  const add = useAddTask();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim() || add.isPending) return;
    try {
      const { title, ...fields } = await draftOf(text, unread);
      const task = await add.mutateAsync({ title, ...fields });
      clear();
      setUnread([]);
      tell(t("added", { title: task.title }));
      onAdded?.();
    } catch (error) {
      tell(say(error), { tone: "bad" });
    }
    input.current?.focus();
  };

  const type = (line: string) => {
    setText(line);
    if (!line.trim()) setUnread([]);
  };
  const keepWords = (part: DraftPart) => {
    setUnread((parts) => [...parts, part]);
    input.current?.focus();
  };

  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <div className="flex gap-2">
        <label className="sr-only" htmlFor="quick-add">
          {t("quickAdd")}
        </label>
        <input
          id="quick-add"
          ref={input}
          value={text}
          onChange={(event) => type(event.target.value)}
          placeholder={t("example")}
          maxLength={500}
          autoComplete="off"
          autoFocus={autoFocus}
          aria-describedby="quick-add-preview"
          className={cn(inputLook, "h-12 flex-1")}
        />
        <Button type="submit" tone="accent" size="large" className="px-4" busy={add.isPending} aria-label={t("add")}>
          <Plus aria-hidden />
        </Button>
      </div>
      <p id="quick-add-preview" className="flex min-h-6 flex-wrap items-center gap-x-4 gap-y-1 px-1 text-sm text-muted">
        {text.trim() && shown.data ? (
          <>
            <span className="text-ink">{shown.data.title}</span>
            <TaskMarks task={shown.data} onRemove={keepWords} />
          </>
        ) : (
          t("quickHint")
        )}
      </p>
    </form>
  );
}
