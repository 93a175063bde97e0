import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiProblem } from "@/lib/api/problem";
import { SocketClient, type Asked, type SocketLike } from "@/lib/socket/client";
import type { ClientFrame } from "@/lib/socket/frames";

class FakeSocket implements SocketLike {
  readyState = 1;
  sent: ClientFrame[] = [];
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;
  constructor(readonly protocols: string[]) {}
  send(data: string) {
    this.sent.push(JSON.parse(data) as ClientFrame);
  }
  close() {
    this.readyState = 3;
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code = 1006) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const READY = { type: "ready", protocol: 1, user_id: "ada" };
const QUESTION = { type: "chat" as const, id: "q1", message: "What is yeast?" };
const TAKEN = { type: "chat-processing", id: "q1", job_id: "j", thread_id: "t", message_id: "m" };
const delta = (seq: number, text: string) => ({ type: "chat-delta", message_id: "m", seq, text });

function desk() {
  const sockets: FakeSocket[] = [];
  let tickets = 0;
  const means = {
    open: (protocols: string[]) => {
      const socket = new FakeSocket(protocols);
      sockets.push(socket);
      return socket;
    },
    ticket: vi.fn(async () => `ticket${(tickets += 1)}`),
    askPlainly: vi.fn(),
    followPlainly: vi.fn(),
    random: () => 1,
  };
  const heard = { texts: [] as string[], ends: 0, faults: [] as string[] };
  const listener = {
    onText: (text: string) => heard.texts.push(text),
    onEnd: () => (heard.ends += 1),
    onFault: (problem: { code: string }) => heard.faults.push(problem.code),
  };
  const asked: Asked = { onTaken: vi.fn(() => listener), onRefused: vi.fn() };
  return { client: new SocketClient(means), sockets, means, heard, listener, asked };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

async function talking() {
  const all = desk();
  all.client.ask(QUESTION, all.asked);
  await settle();
  const socket = all.sockets[0]!;
  socket.say(READY);
  socket.say(TAKEN);
  return { ...all, socket };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("SocketClient", () => {
  it("opens nothing before it is asked for something, then with a ticket as subprotocol", async () => {
    const { client, sockets, asked } = desk();
    await settle();
    expect(sockets).toHaveLength(0);
    client.ask(QUESTION, asked);
    await settle();
    expect(sockets[0]!.protocols).toEqual(["teddy.v1", "ticket.ticket1"]);
    expect(sockets[0]!.sent).toEqual([]);
    sockets[0]!.say(READY);
    expect(sockets[0]!.sent).toEqual([QUESTION]);
  });

  it("puts pieces together once each, whatever comes twice", async () => {
    const { socket, heard } = await talking();
    [delta(1, "Yeast "), delta(1, "Yeast "), delta(2, "is "), delta(1, "Yeast "), delta(3, "alive.")].forEach((one) => socket.say(one));
    expect(heard.texts.at(-1)).toBe("Yeast is alive.");
  });

  it("asks once for what got lost, and goes on with it", async () => {
    const { socket, heard } = await talking();
    socket.say(delta(1, "a"));
    socket.say(delta(3, "c"));
    socket.say(delta(4, "d"));
    expect(socket.sent.filter((frame) => frame.type === "resume")).toEqual([{ type: "resume", message_id: "m", after_seq: 1 }]);
    [delta(2, "b"), delta(3, "c"), delta(4, "d")].forEach((one) => socket.say(one));
    expect(heard.texts.at(-1)).toBe("abcd");
  });

  it("comes back after a break with a new ticket and resumes after the last piece", async () => {
    const { socket, sockets, means, heard } = await talking();
    socket.say(delta(1, "a"));
    socket.drop(4401);
    await vi.advanceTimersByTimeAsync(500);
    expect(means.ticket).toHaveBeenCalledTimes(2);
    sockets[1]!.say(READY);
    expect(sockets[1]!.sent).toEqual([{ type: "resume", message_id: "m", after_seq: 1 }]);
    sockets[1]!.say(delta(2, "b"));
    expect(heard.texts.at(-1)).toBe("ab");
  });

  it("sends a question again that nobody took, under the same id", async () => {
    const { client, sockets, asked } = desk();
    client.ask(QUESTION, asked);
    await settle();
    sockets[0]!.say(READY);
    sockets[0]!.drop();
    await vi.advanceTimersByTimeAsync(500);
    sockets[1]!.say(READY);
    expect(sockets[1]!.sent).toEqual([QUESTION]);
  });

  it("waits twice as long after each failure, thirty seconds at most, and not at all once the network is back", async () => {
    const { client, means, asked } = desk();
    means.ticket.mockRejectedValue(new Error("unreachable"));
    client.ask(QUESTION, asked);
    await settle();
    for (const pause of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = means.ticket.mock.calls.length;
      await vi.advanceTimersByTimeAsync(pause - 1);
      expect(means.ticket).toHaveBeenCalledTimes(before);
      await vi.advanceTimersByTimeAsync(1);
      expect(means.ticket).toHaveBeenCalledTimes(before + 1);
    }
    client.hurry();
    await settle();
    expect(means.ticket).toHaveBeenCalledTimes(10);
  });

  it("gives a question back when the log-in has ended", async () => {
    const { client, means, asked } = desk();
    const over = new ApiProblem({ type: "about:blank", title: "", status: 401, detail: "Log in.", code: "not_authenticated", instance: "" });
    means.ticket.mockRejectedValue(over);
    client.ask(QUESTION, asked);
    await settle();
    expect(asked.onRefused).toHaveBeenCalledWith(over);
    expect(client.link).toBe("idle");
  });

  it("goes over HTTP once three sockets in a row were refused", async () => {
    const { client, sockets, means, asked, listener } = desk();
    client.ask(QUESTION, asked);
    client.follow("m", listener);
    for (const pause of [0, 500, 1_000]) {
      await vi.advanceTimersByTimeAsync(pause);
      sockets.at(-1)!.drop();
    }
    expect(client.link).toBe("barred");
    expect(means.askPlainly).toHaveBeenCalledWith(QUESTION, asked);
    expect(means.followPlainly).toHaveBeenCalledWith("m", 0, expect.anything());
  });

  it("tells of a refused question, a failed answer and an answer's end", async () => {
    const { client, socket, heard, asked, listener } = await talking();
    const problem = { type: "about:blank", title: "", status: 409, detail: "Wait.", code: "answer_running", instance: "" };
    client.ask({ ...QUESTION, id: "q2" }, asked);
    socket.say({ type: "chat-error", id: "q2", message_id: null, problem });
    expect(asked.onRefused).toHaveBeenCalledWith(expect.objectContaining({ code: "answer_running" }));
    socket.say({ type: "chat-error", id: "q1", message_id: "m", problem: { ...problem, code: "provider_unavailable" } });
    expect(heard.faults).toEqual(["provider_unavailable"]);
    client.follow("n", listener);
    socket.say({ type: "chat-response", message: { id: "n" } });
    expect(heard.ends).toBe(1);
  });

  it("gives its place back while nobody looks and nothing is under way, and returns for listeners", async () => {
    const { client, sockets } = desk();
    client.on("document-progress", () => undefined);
    await settle();
    sockets[0]!.say(READY);
    client.rest();
    expect(sockets[0]!.readyState).toBe(3);
    client.wake();
    await settle();
    expect(sockets).toHaveLength(2);
  });

  it("passes news on to whoever listens, and no longer", async () => {
    const { client, sockets } = desk();
    const progress: number[] = [];
    const leave = client.on("document-progress", (frame) => progress.push(frame.progress));
    await settle();
    sockets[0]!.say(READY);
    sockets[0]!.say({ type: "document-progress", document_id: "d", status: "processing", progress: 40 });
    leave();
    sockets[0]!.say({ type: "document-progress", document_id: "d", status: "ready", progress: 100 });
    expect(progress).toEqual([40]);
  });

  it("opens no line for what is merely overheard, but passes it on while there is one", async () => {
    const { client, sockets } = desk();
    const heard: number[] = [];
    client.overhear("document-progress", (frame) => heard.push(frame.progress));
    await settle();
    expect(sockets).toHaveLength(0);
    const leave = client.on("pong", () => undefined);
    await settle();
    sockets[0]!.say(READY);
    sockets[0]!.say({ type: "document-progress", document_id: "d", status: "processing", progress: 40 });
    expect(heard).toEqual([40]);
    leave();
    sockets[0]!.drop();
    expect(client.link).toBe("idle");
  });
});
