import type { components } from "@/lib/api/schema";

export type Document = components["schemas"]["DocumentOut"];
export type DocumentFields = components["schemas"]["DocumentFields"];
export type Order = components["schemas"]["DocumentOrder"];
export type Passage = components["schemas"]["PassageOut"];
export type PageText = components["schemas"]["PageTextOut"];

export type Filters = { sort: Order; subject?: string };

/** What can be read, as a file input wants it told. */
export const ACCEPTED = ".pdf,.docx,.pptx,.epub,.html,.htm,.md,.markdown,.txt";

/** Everything about documents that was asked for. */
export const DOCUMENTS = ["documents"] as const;
export const LISTS = [...DOCUMENTS, "list"] as const;
export const listKey = (filters: Filters) => [...LISTS, filters] as const;
export const documentKey = (id: string) => [...DOCUMENTS, "one", id] as const;

/** While something is being read, how often to look how far it is, in milliseconds. */
export const LOOK_EVERY = 1_000;

export const isUnderWay = ({ status }: Document) => status === "queued" || status === "processing";
