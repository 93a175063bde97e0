import type { Source } from "@/features/tutor/api/sources";

const MOST = 4;
const MOST_AFTER = 3;
const LONGEST = 60;

/** Concepts to begin with, in turns from each of the newest documents, so that one long book does not take all places. */
export function openings(sources: Pick<Source, "key_concepts">[]): string[] {
  const longest = Math.max(0, ...sources.map((source) => source.key_concepts.length));
  const inTurns = Array.from({ length: longest }, (_, turn) => sources.map((source) => source.key_concepts[turn])).flat();
  const seen = new Map<string, string>();
  for (const concept of inTurns) {
    const key = concept?.toLocaleLowerCase();
    if (concept && key && concept.length <= LONGEST && !seen.has(key)) seen.set(key, concept);
  }
  return [...seen.values()].slice(0, MOST);
}

/** Concepts to go on with: of the documents that an answer cited, and not spoken of yet. */
export function followUps(sources: Pick<Source, "id" | "key_concepts">[], cited: ReadonlySet<string>, said: string): string[] {
  const spoken = said.toLocaleLowerCase();
  const open = sources
    .filter(({ id }) => cited.has(id))
    .map(({ key_concepts }) => ({ key_concepts: key_concepts.filter((concept) => !spoken.includes(concept.toLocaleLowerCase())) }));
  return openings(open).slice(0, MOST_AFTER);
}
