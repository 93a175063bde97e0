"use client";

import { useParam } from "@/lib/nav";
import { DropZone } from "@/features/documents/components/drop-zone";
import { Library } from "@/features/documents/components/library";
import { Reader } from "@/features/documents/components/reader";

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
