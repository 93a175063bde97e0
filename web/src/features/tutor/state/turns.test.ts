import { expect, it } from "vitest";
import type { Message } from "@/features/tutor/api/tutor";
import { turnsOf } from "@/features/tutor/state/turns";

const message = (id: string, role: Message["role"], content: string, status: Message["status"] = "complete") =>
  ({ id, role, content, status, problem: null, citations: [] }) as unknown as Message;
const question = { id: "q", thread: "t", text: "Why?", messageId: "a", fresh: false, stopped: false };
const live = { text: "Because", message: null, problem: null };

it("shows a sent question and its growing answer after what was said before", () => {
  const turns = turnsOf([], { questions: [question], answers: { a: live } }, "t");
  expect(turns.map((turn) => turn.text)).toEqual(["Why?", "Because"]);
  expect(turns[1]).toMatchObject({ under: true, question: "Why?" });
});

it("shows nothing twice once the list has it, and the newer text of the two", () => {
  const listed = [message("u", "user", "Why?"), message("a", "assistant", "Be", "streaming")];
  const turns = turnsOf(listed, { questions: [question], answers: { a: live } }, "t");
  expect(turns.map((turn) => turn.text)).toEqual(["Why?", "Because"]);
});

it("keeps a question out of other conversations", () => {
  expect(turnsOf([], { questions: [question], answers: {} }, "other")).toEqual([]);
  expect(turnsOf([], { questions: [{ ...question, fresh: true }], answers: {} }, null)).toHaveLength(2);
});

it("tells of a failure by its code", () => {
  const failed = { ...message("a", "assistant", "", "failed"), problem: "provider_unavailable" } as Message;
  const [, turn] = turnsOf([message("u", "user", "Why?"), failed], { questions: [], answers: {} }, "t");
  expect(turn).toMatchObject({ under: false, problem: "provider_unavailable", question: "Why?" });
});
