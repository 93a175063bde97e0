import { expect, it } from "vitest";
import { eventsIn } from "@/lib/socket/event-stream";

it("reads frames out of an event stream, however it is cut", () => {
  const stream =
    'retry: 2000\n\nid: 1\nevent: chat-delta\ndata: {"message_id": "m", "seq": 1, "text": "a"}\n\n: still here\n\nevent: chat-response\ndata: {"message": {"id": "m"}}\n\n';
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const first = eventsIn(stream.slice(0, cut));
    const second = eventsIn(first.rest + stream.slice(cut));
    expect([...first.frames, ...second.frames].map((frame) => frame.type)).toEqual(["chat-delta", "chat-response"]);
  }
});
