"use client";

import dynamic from "next/dynamic";
import { createContext, memo, useContext, useMemo, type ComponentPropsWithoutRef, type ReactNode } from "react";
import ReactMarkdown, { type Components } from "react-markdown";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import remarkGfm from "remark-gfm";
import remarkMath from "remark-math";
import { blocksOf } from "@/components/markdown/blocks";
import { CodeBlock } from "@/components/markdown/code-block";
import { CITE, remarkCitations } from "@/components/markdown/tree";

const Formula = dynamic(() => import("@/components/markdown/formula").then((module) => module.Formula), { ssr: false });

const SCHEMA = {
  ...defaultSchema,
  attributes: {
    ...defaultSchema.attributes,
    code: [["className", /^language-[\w+#.-]+$/, "math-inline", "math-display"] as [string, ...(string | RegExp)[]]],
  },
};

type Cite = (number: number) => ReactNode;
const CiteContext = createContext<Cite>(() => null);

function Anchor({ href, children }: ComponentPropsWithoutRef<"a">) {
  const cite = useContext(CiteContext);
  if (href?.startsWith(CITE)) return cite(Number(href.slice(CITE.length))) ?? <>{children}</>;
  // What the sanitiser took the address from, such as javascript:, stays as words.
  if (!href || !/^(https?:|mailto:)/i.test(href)) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" className="text-accent underline underline-offset-2">
      {children}
    </a>
  );
}

function Code({ className, children }: ComponentPropsWithoutRef<"code">) {
  const text = String(children ?? "");
  if (className?.includes("math-display")) return <Formula source={text} display />;
  // As Pandoc has it: "$5 and $6" are prices, no formula.
  if (className?.includes("math-inline")) return /^\s|\s$/.test(text) ? <>${text}$</> : <Formula source={text} />;
  const language = /language-([\w+#.-]+)/.exec(className ?? "")?.[1];
  if (language !== undefined || text.endsWith("\n")) return <CodeBlock language={language ?? ""} text={text.replace(/\n$/, "")} />;
  return <code className="rounded bg-sunken px-1 py-0.5 font-mono text-[0.88em] [overflow-wrap:anywhere]">{children}</code>;
}

const COMPONENTS: Components = {
  a: ({ href, children }) => <Anchor href={href}>{children}</Anchor>,
  code: ({ className, children }) => <Code className={className}>{children}</Code>,
  pre: ({ children }) => <>{children}</>,
  // Nothing is ever fetched for a text that somebody else may have written.
  img: ({ alt }) => <span className="text-muted">{alt}</span>,
  table: ({ children }) => (
    <div tabIndex={0} className="my-3 overflow-x-auto rounded-lg border border-line">
      <table className="w-full border-collapse text-[0.94em] [&_td]:border-t [&_td]:border-line [&_td]:px-3 [&_td]:py-1.5 [&_th]:bg-sunken [&_th]:px-3 [&_th]:py-1.5 [&_th]:text-left">
        {children}
      </table>
    </div>
  ),
  h1: ({ children }) => <h3 className="mb-1 mt-4 text-lg font-semibold first:mt-0">{children}</h3>,
  h2: ({ children }) => <h3 className="mb-1 mt-4 text-lg font-semibold first:mt-0">{children}</h3>,
  h3: ({ children }) => <h4 className="mb-1 mt-3 font-semibold first:mt-0">{children}</h4>,
  h4: ({ children }) => <h4 className="mb-1 mt-3 font-semibold first:mt-0">{children}</h4>,
  p: ({ children }) => <p className="my-2 first:mt-0 last:mb-0">{children}</p>,
  ul: ({ children }) => <ul className="my-2 list-disc space-y-1 pl-6 first:mt-0 last:mb-0">{children}</ul>,
  ol: ({ children, start }) => (
    <ol start={start} className="my-2 list-decimal space-y-1 pl-6 first:mt-0 last:mb-0">
      {children}
    </ol>
  ),
  blockquote: ({ children }) => <blockquote className="my-2 border-l-4 border-line pl-4 text-muted">{children}</blockquote>,
  hr: () => <hr className="my-4" />,
  input: ({ checked }) => <span>{checked ? "☑ " : "☐ "}</span>,
};

const Block = memo(function Block({ text, numbers }: { text: string; numbers: ReadonlySet<number> }) {
  const plugins = useMemo(() => [remarkGfm, remarkMath, [remarkCitations, { numbers }] as const], [numbers]);
  return (
    <ReactMarkdown remarkPlugins={plugins as never} rehypePlugins={[[rehypeSanitize, SCHEMA]]} components={COMPONENTS}>
      {text}
    </ReactMarkdown>
  );
});

/**
 * Markdown of somebody unknown, made harmless: no HTML, no images, no scripts. `cite` gives what stands for `[n]`,
 * for the numbers in `numbers`. Blocks that did not change are not rendered again.
 */
export default function Markdown({ text, numbers, cite }: { text: string; numbers: ReadonlySet<number>; cite: Cite }) {
  const blocks = useMemo(() => blocksOf(text), [text]);
  return (
    <CiteContext value={cite}>
      <div className="min-w-0 [overflow-wrap:anywhere]">
        {blocks.map((block, number) => (
          <Block key={number} text={block} numbers={numbers} />
        ))}
      </div>
    </CiteContext>
  );
}
