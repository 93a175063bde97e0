import { expect, test } from "vitest";
import { tableText } from "@/features/flashcards/components/table-text";

const bytes = (...values: number[]) => new Uint8Array(values).buffer;

test("a table is read as UTF-8, with a mark at its beginning or without", () => {
  expect(tableText(bytes(0x5a, 0xc3, 0xa4, 0x68))).toBe("Zäh");
  expect(tableText(bytes(0xef, 0xbb, 0xbf, 0x5a))).toBe("Z");
});

test("a table in another encoding keeps its letters", () => {
  expect(tableText(bytes(0x5a, 0xe4, 0x68))).toBe("Zäh");
  expect(tableText(bytes(0xff, 0xfe, 0x5a, 0x00, 0xe4, 0x00))).toBe("Zä");
});
