import type { Source } from "@/features/tutor/api/sources";

export type Subject = { name: string; ids: string[] };

/** The subjects of some documents by name, each with the documents that belong to it. */
export function subjectsOf(sources: readonly Pick<Source, "id" | "subject">[]): Subject[] {
  const ids = new Map<string, string[]>();
  for (const { id, subject } of sources) {
    if (subject) ids.set(subject, [...(ids.get(subject) ?? []), id]);
  }
  return [...ids].map(([name, all]) => ({ name, ids: all })).sort((one, other) => one.name.localeCompare(other.name));
}

/** Whether all documents of a subject are among the chosen ones. */
export function isChosen(subject: Subject, chosen: readonly string[]): boolean {
  return subject.ids.every((id) => chosen.includes(id));
}

/** The chosen documents with those of a subject added, or taken out where all of them were chosen. */
export function toggled(subject: Subject, chosen: readonly string[]): string[] {
  const others = chosen.filter((id) => !subject.ids.includes(id));
  return isChosen(subject, chosen) ? others : [...others, ...subject.ids];
}
