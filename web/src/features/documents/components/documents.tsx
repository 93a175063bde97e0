"use client";

import dynamic from "next/dynamic";
import { Skeleton } from "@/components/ui/states";
import { useParam } from "@/lib/nav";
import { DropZone } from "@/features/documents/components/drop-zone";
import { Library } from "@/features/documents/components/library";

const Reader = dynamic(() => import("@/features/documents/components/reader").then((module) => module.Reader), {
  loading: () => <Skeleton className="mx-auto mt-9 h-96 max-w-3xl" />,
});

/** One's documents, or the one that the address names. */
export function Documents() {
  const [id] = useParam("doc");
  return (
    <>
      {id ? <Reader key={id} id={id} /> : <Library />}
      <DropZone />
    </>
  );
}
