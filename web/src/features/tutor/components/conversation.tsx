"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useMemo, useState } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { ErrorState, ListSkeleton } from "@/components/ui/states";
import { tell } from "@/components/ui/notes";
import { useMessages } from "@/features/tutor/api/list-messages";
import { running, type Mode, type Thread } from "@/features/tutor/api/tutor";
import { Begin } from "@/features/tutor/components/begin";
import { Composer } from "@/features/tutor/components/composer";
import { FollowUps } from "@/features/tutor/components/follow-ups";
import { LinkBanner } from "@/features/tutor/components/link-banner";
import { QuestionBubble } from "@/features/tutor/components/question-bubble";
import { Spoken } from "@/features/tutor/components/spoken";
import { ask, listen, settled, stopQuestion, useLive } from "@/features/tutor/state/live";
import { stop } from "@/features/tutor/api/stop";
import { useStick } from "@/features/tutor/state/stick";
import { turnsOf } from "@/features/tutor/state/turns";
import { useDraft } from "@/lib/drafts";
import { useFaultText } from "@/lib/fault-text";
import { useParam } from "@/lib/nav";

const Answer = dynamic(() => import("@/features/tutor/components/answer").then((module) => module.Answer), { ssr: false });

type Props = {
  thread: string | null;
  /** The document that a new conversation is about. */
  about: string | null;
  settings: Thread | null;
  onThread: (id: string, options: { replace: boolean }) => void;
};

type Scope = { mode: Mode; sources: string[] };

/** What was said in a thread, what is being said, and the line to say more. */
export function Conversation({ thread, about, settings, onThread }: Props) {
  const t = useTranslations("tutor");
  const say = useFaultText();
  const queries = useQueryClient();
  const messages = useMessages(thread);
  const questions = useLive((live) => live.questions);
  const answers = useLive((live) => live.answers);
  const [draft, setDraft, clearDraft] = useDraft(`tutor-${thread ?? "new"}`, "");
  const [chosen, setChosen] = useState<Partial<Scope>>({});
  const [begun, setBegun] = useParam("q");
  const { box, content, atEnd, toEnd } = useStick();
  const scope: Scope = {
    mode: chosen.mode ?? settings?.mode ?? "explain",
    sources: chosen.sources ?? settings?.document_ids ?? (about ? [about] : []),
  };

  useEffect(() => {
    setChosen({});
    if (thread) settled(thread);
    toEnd();
  }, [thread, toEnd]);

  useEffect(() => {
    messages.data?.filter((message) => running(message.status)).forEach((message) => listen(queries, message));
  }, [messages.data, queries]);

  useEffect(() => {
    if (begun === null) return;
    setDraft(begun);
    setBegun(null, { replace: true });
  }, [begun, setDraft, setBegun]);

  const turns = useMemo(() => turnsOf(messages.data ?? [], { questions, answers }, thread), [messages.data, questions, answers, thread]);
  const last = turns.at(-1);
  const busy = last?.kind === "answer" && last.under;

  const send = (text: string) => {
    toEnd();
    ask(
      queries,
      { thread, text, ...scope },
      {
        onTaken: (taken) => {
          if (thread === null && window.location.pathname === "/ai-tutor" && !new URLSearchParams(window.location.search).has("thread")) {
            onThread(taken, { replace: true });
          }
        },
        onRefused: (error) => {
          tell(say(error), { tone: "bad" });
          setDraft(text);
        },
      },
    );
  };

  const halt = () => {
    if (!busy) return;
    const question = questions.find((one) => one.messageId === last.key || `${one.id}-answer` === last.key);
    (question ? stopQuestion(question) : stop(last.key)).catch((error: unknown) => tell(say(error), { tone: "bad" }));
  };

  return (
    <>
      <LinkBanner />
      <div className="relative min-h-0 flex-1">
        <div ref={box} tabIndex={0} role="region" aria-label={t("conversation")} className="h-full overflow-y-auto overscroll-contain outline-offset-[-2px] print:h-auto print:overflow-visible">
          <div ref={content} className="mx-auto flex max-w-3xl flex-col gap-5 px-4 py-5 sm:px-6">
            {thread && messages.isPending && turns.length === 0 && <ListSkeleton rows={3} />}
            {messages.isError && !messages.data && <ErrorState error={messages.error} onRetry={() => void messages.refetch()} />}
            {thread === null && turns.length === 0 && (
              <Begin about={scope.sources} onAsk={send} />
            )}
            {turns.map((turn) =>
              turn.kind === "question" ? (
                <QuestionBubble key={turn.key} text={turn.text} onEdit={() => setDraft(turn.text)} />
              ) : (
                <Answer key={turn.key} turn={turn} onAgain={busy ? null : send} />
              ),
            )}
            {last?.kind === "answer" && !last.under && last.message && (
              <FollowUps answer={last.message} said={turns.map(({ text }) => text).join("\n")} onAsk={send} />
            )}
          </div>
        </div>
        {!atEnd && (
          <Button size="small" onClick={toEnd} className="absolute inset-x-0 bottom-3 mx-auto w-fit rounded-full shadow-raised print:hidden">
            <ArrowDown aria-hidden /> {t("latest")}
          </Button>
        )}
      </div>
      <Spoken />
      <Composer
        text={draft}
        onText={setDraft}
        onSend={(text) => {
          clearDraft();
          send(text);
        }}
        busy={busy}
        onStop={halt}
        {...scope}
        onMode={(mode) => setChosen({ ...chosen, mode })}
        onSources={(sources) => setChosen({ ...chosen, sources })}
      />
    </>
  );
}
