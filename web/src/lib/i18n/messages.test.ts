import { expect, it, vi } from "vitest";
import { catalogue } from "@/lib/i18n/messages";

it("fetches the words of a part once for each language", async () => {
  const en = vi.fn(async () => ({ default: { bell: "Bell" } }));
  const de = vi.fn(async () => ({ default: { bell: "Glocke" } }));
  const words = catalogue("bell", en, de);
  expect(words.load("en")).toBe(words.load("en"));
  expect(await words.load("de")).toEqual({ bell: "Glocke" });
  expect(en).toHaveBeenCalledTimes(1);
});

it("asks again for words that did not arrive", async () => {
  const en = vi.fn(async () => ({ default: { bell: "Bell" } })).mockRejectedValueOnce(new Error("no network"));
  const words = catalogue("bell", en, async () => ({ default: { bell: "Glocke" } }));
  await expect(words.load("en")).rejects.toThrow("no network");
  expect(await words.load("en")).toEqual({ bell: "Bell" });
});
