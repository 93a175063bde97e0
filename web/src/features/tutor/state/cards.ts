import type { CardText } from "@/features/tutor/api/tutor";

const LONGEST_FRONT = 5_000;
const LONGEST_BACK = 20_000;

/** An answer without its citations and without a first line that only announces what follows. */
export function plainAnswer(answer: string): string {
  const bare = answer.replace(/\s*\[\d{1,3}\]/g, "").trim();
  const [first = "", ...rest] = bare.split(/\n{2,}/);
  const announces = rest.length > 0 && first.trimEnd().endsWith(":") && !first.includes("\n");
  return (announces ? rest.join("\n\n") : bare).trim();
}

/** Cards to begin with, for the student to edit: the question with its answer, and each term that a list explains. */
export function cardsFrom(question: string, answer: string): CardText[] {
  const back = plainAnswer(answer);
  const terms = [...back.matchAll(/^\s*(?:[-*]|\d+\.)\s+\*\*(.+?)\*\*\s*[:–—-]\s*(.+)$/gm)].map(([, term, meaning]) => ({
    front: term!.replace(/:$/, "").slice(0, LONGEST_FRONT),
    back: meaning!.trim(),
  }));
  return [{ front: question.trim().slice(0, LONGEST_FRONT), back: back.slice(0, LONGEST_BACK) }, ...terms];
}
