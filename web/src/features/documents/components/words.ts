/** Words that stand everywhere and explain no result. */
const EVERYDAY = new Set(
  "a an and are as at be by do does for from how in is it of on or that the this to was what when where which who why with aber auf aus bei das dem den der des die ein eine einen einer es für hat im in ist mit nach oder sind und von war warum was wer wie wo zu zum zur".split(
    " ",
  ),
);

/** Scripts that put no spaces between words: there, a part of the text may be the word. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;
const WORD = /[\p{L}\p{M}\p{N}]+/gu;

/** What a word begins with in most of its forms. */
function stem(word: string): string {
  return word.length > 5 ? word.slice(0, Math.max(4, word.length - 2)) : word;
}

export type Piece = { text: string; marked: boolean };

/** A text in pieces, those marked that are a form of a word of the query. */
export function markWords(text: string, query: string): Piece[] {
  const asked = query.toLocaleLowerCase().match(WORD) ?? [];
  const telling = asked.filter((word) => !EVERYDAY.has(word));
  const stems = (telling.length > 0 ? telling : asked).map((word) =>
    DENSE.test(word) ? word : `(?<![\\p{L}\\p{N}])${stem(word)}[\\p{L}\\p{M}\\p{N}]*`,
  );
  if (stems.length === 0) return [{ text, marked: false }];
  // With one group, split puts what was found at the odd places.
  return text
    .split(new RegExp(`(${stems.join("|")})`, "giu"))
    .map((part, place) => ({ text: part, marked: place % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}

/** The text before, in and after a range that counts Unicode code points, as the server does. */
export function cutOut(text: string, start: number, end: number): [string, string, string] {
  const points = [...text];
  return [points.slice(0, start).join(""), points.slice(start, end).join(""), points.slice(end).join("")];
}
