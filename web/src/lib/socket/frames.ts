import type { components } from "@/lib/api/schema";

type Schemas = components["schemas"];

/** The frames of `docs/api/socket.json`, protocol 1: one JSON object each, told apart by `type`. */
export type ChatFrame = {
  type: "chat";
  id: string;
  message: string;
  thread_id?: string | null;
  document_ids?: string[] | null;
  mode?: Schemas["Mode"] | null;
};

export type ClientFrame =
  | ChatFrame
  | { type: "resume"; message_id: string; after_seq: number }
  | { type: "cancel"; message_id: string }
  | { type: "ping" };

export type DocumentProgress = {
  type: "document-progress";
  document_id: string;
  status: string;
  progress: number;
  error?: string | null;
};

export type ChatDelta = { type: "chat-delta"; message_id: string; seq: number; text: string };
export type ChatResponse = { type: "chat-response"; message: Schemas["MessageOut"] };
export type ChatError = {
  type: "chat-error";
  id: string | null;
  message_id: string | null;
  problem: Schemas["Problem"];
};

export type ServerFrame =
  | { type: "ready"; protocol: number; user_id: string }
  | { type: "chat-processing"; id: string; job_id: string; thread_id: string; message_id: string }
  | ChatDelta
  | ChatResponse
  | ChatError
  | DocumentProgress
  | ({ type: "notification" } & Schemas["NotificationOut"])
  | { type: "pong" }
  | { type: "error"; id?: string | null; problem: Schemas["Problem"] };

/** The frame of a text, or null for what is none. */
export function readFrame(raw: unknown): ServerFrame | null {
  try {
    const frame: unknown = JSON.parse(String(raw));
    return typeof frame === "object" && frame !== null && "type" in frame ? (frame as ServerFrame) : null;
  } catch {
    return null;
  }
}
