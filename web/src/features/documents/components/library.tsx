"use client";

import { Search } from "lucide-react";
import dynamic from "next/dynamic";
import { useEffect, useState, type FormEvent } from "react";
import { useTranslations } from "use-intl";
import { Button } from "@/components/ui/button";
import { Input, Select } from "@/components/ui/field";
import { Page } from "@/components/ui/page";
import { ListSkeleton } from "@/components/ui/states";
import type { Order } from "@/features/documents/api/documents";
import { useSubjects } from "@/features/documents/api/subjects";
import { DocumentList } from "@/features/documents/components/document-list";
import { UploadButton } from "@/features/documents/components/drop-zone";
import { UploadList } from "@/features/documents/components/upload-list";
import { useChangeParams, useParam } from "@/lib/nav";

const SearchResults = dynamic(() => import("@/features/documents/components/search-results").then((module) => module.SearchResults), {
  loading: () => <ListSkeleton />,
});

const ORDERS = ["-created_at", "created_at", "title", "-title"] as const satisfies Order[];
const ORDER_NAMES = ["newest", "oldest", "byTitle", "byTitleBackwards"] as const;

/** The documents that there are, what is on its way, and a search through their text. */
export function Library() {
  const t = useTranslations("documents");
  const change = useChangeParams();
  const [query, setQuery] = useParam("q");
  const [subject, setSubject] = useParam("subject");
  const [sort, setSort] = useState<Order>("-created_at");
  const known = useSubjects();
  const chosen = subject ?? undefined;
  const subjects = [...new Set([...(known.data ?? []), ...(chosen ? [chosen] : [])])];
  const open = (id: string) => change({ doc: id, page: null, chunk: null });
  return (
    <Page title={t("heading")} lead={<span className="hidden sm:inline">{t("lead")}</span>} action={<UploadButton />}>
      <UploadList onOpen={open} />
      <SearchField query={query ?? ""} onSearch={(text) => setQuery(text || null)} />
      <div className="mb-4 mt-3 flex justify-end gap-2">
        {subjects.length > 0 && (
          <Select
          aria-label={t("subject")}
          value={subject ?? ""}
          onChange={(event) => setSubject(event.target.value || null, { replace: true })}
          className="h-10 w-auto min-w-0 max-w-full"
        >
          <option value="">{t("anySubject")}</option>
          {subjects.map((one) => (
            <option key={one} value={one}>
              {one}
            </option>
          ))}
        </Select>
        )}
        {!query && (
          <Select
            aria-label={t("sort")}
            value={sort}
            onChange={(event) => setSort(event.target.value as Order)}
            className="h-10 w-auto min-w-0 max-w-full"
          >
            {ORDERS.map((order, number) => (
              <option key={order} value={order}>
                {t(`orders.${ORDER_NAMES[number]!}`)}
              </option>
            ))}
          </Select>
        )}
      </div>
      {query ? (
        <SearchResults query={query} subject={chosen} />
      ) : (
        <DocumentList filters={{ sort, ...(chosen && { subject: chosen }) }} onOpen={open} />
      )}
    </Page>
  );
}

function SearchField({ query, onSearch }: { query: string; onSearch: (text: string) => void }) {
  const t = useTranslations("documents");
  const [text, setText] = useState(query);
  useEffect(() => setText(query), [query]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSearch(text.trim());
  };
  return (
    <form role="search" onSubmit={submit} className="flex gap-2">
      <Input
        type="search"
        dir="auto"
        aria-label={t("search")}
        placeholder={t("search")}
        value={text}
        maxLength={2_000}
        onChange={(event) => {
          setText(event.target.value);
          if (event.target.value === "" && query) onSearch("");
        }}
        className="min-w-0 flex-1"
      />
      <Button type="submit" className="h-11" aria-label={t("searchNow")}>
        <Search aria-hidden />
      </Button>
    </form>
  );
}
