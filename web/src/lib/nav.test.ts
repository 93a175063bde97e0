import { expect, test } from "vitest";
import { ownPath } from "@/lib/nav";

test.each([
  ["/tasks?task=7", "/tasks?task=7"],
  ["//evil.example", "/today"],
  ["/\\evil.example", "/today"],
  ["https://evil.example", "/today"],
  ["javascript:alert(1)", "/today"],
  ["", "/today"],
  [null, "/today"],
])("%s leads to %s", (asked, led) => {
  expect(ownPath(asked)).toBe(led);
});
