"use client";

import { CopyButton } from "@/components/ui/copy-button";

/** Code as it is, with its language and a button that copies it. Long lines scroll inside. */
export function CodeBlock({ language, text }: { language: string; text: string }) {
  return (
    <div className="my-3 overflow-hidden rounded-lg border border-line bg-sunken">
      <div className="flex items-center justify-between border-b border-line py-0.5 pl-3 pr-1 text-xs text-muted">
        <span>{language}</span>
        <CopyButton text={text} />
      </div>
      <pre tabIndex={0} className="overflow-x-auto px-3 py-2.5 font-mono text-[0.85rem] leading-relaxed">
        <code>{text}</code>
      </pre>
    </div>
  );
}
