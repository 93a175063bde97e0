import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { SharedSocket } from "@/lib/socket/shared";

type Port = { onmessage: ((event: { data: unknown }) => void) | null; postMessage: (data: unknown) => void };
type Scope = { onconnect: (event: { ports: Port[] }) => void };

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 1;
  sent: string[] = [];
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  constructor(
    readonly address: string,
    readonly protocols: string[],
  ) {
    FakeSocket.all.push(this);
  }
  send = (data: string) => this.sent.push(data);
  close = () => this.drop(1000);
  say = (data: string) => this.onmessage?.({ data });
  drop(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const SCRIPT = readFileSync("public/shared-socket.js", "utf8");
const ADDRESS = "ws://localhost/api/v1/ws";
const OWN = ["teddy.v1", "ticket.1"];

function pair(): [Port, Port] {
  const [one, other]: [Port, Port] = [
    { onmessage: null, postMessage: (data) => queueMicrotask(() => other.onmessage?.({ data })) },
    { onmessage: null, postMessage: (data) => queueMicrotask(() => one.onmessage?.({ data })) },
  ];
  return [one, other];
}

/** The worker itself, one for each name, as a browser keeps them. */
function browser() {
  const scopes = new Map<string, Scope>();
  return class {
    port: Port;
    onerror: (() => void) | null = null;
    constructor(_address: string, { name }: { name: string }) {
      if (!scopes.has(name)) {
        const scope = {} as Scope;
        new Function("self", "WebSocket", SCRIPT)(scope, FakeSocket);
        scopes.set(name, scope);
      }
      const [here, there] = pair();
      this.port = here;
      scopes.get(name)!.onconnect({ ports: [there] });
    }
  };
}

function tab(person = "ada") {
  const shared = new SharedSocket(person);
  const heard: string[] = [];
  const closed: number[] = [];
  const join = (protocols = OWN) => {
    const seat = shared.join(ADDRESS, protocols);
    seat.onmessage = ({ data }) => heard.push(String(data));
    seat.onclose = ({ code }) => closed.push(code);
    return seat;
  };
  return { shared, heard, closed, join };
}

/** Messages between tabs and worker take their time. */
const settle = () => new Promise((done) => setTimeout(done));

beforeEach(() => {
  FakeSocket.all = [];
  vi.stubGlobal("SharedWorker", browser());
});
afterEach(() => void vi.unstubAllGlobals());

describe("SharedSocket", () => {
  it("is opened by whoever comes first, with their ticket, and joined by others without one", async () => {
    const [first, second] = [tab(), tab()];
    expect(await first.shared.taken()).toBe(false);
    first.join();
    expect(await second.shared.taken()).toBe(true);
    second.join(["teddy.v1"]);
    await settle();
    expect(FakeSocket.all).toHaveLength(1);
    expect(FakeSocket.all[0]).toMatchObject({ address: ADDRESS, protocols: OWN });
  });

  it("lets all hear what comes in, and whoever comes later the greeting first", async () => {
    const [first, second] = [tab(), tab()];
    first.join();
    await settle();
    FakeSocket.all[0]!.say("ready");
    FakeSocket.all[0]!.say("one");
    second.join();
    await settle();
    FakeSocket.all[0]!.say("two");
    await settle();
    expect(first.heard).toEqual(["ready", "one", "two"]);
    expect(second.heard).toEqual(["ready", "two"]);
  });

  it("greets those who come while it is being opened once", async () => {
    const [first, second] = [tab(), tab()];
    first.join();
    second.join();
    await settle();
    FakeSocket.all[0]!.say("ready");
    await settle();
    expect(second.heard).toEqual(["ready"]);
  });

  it("sends what each tab says", async () => {
    const [first, second] = [tab(), tab()];
    const seats = [first.join(), second.join()];
    seats.forEach((seat, number) => seat.send(`from ${number}`));
    await settle();
    expect(FakeSocket.all[0]!.sent).toEqual(["from 0", "from 1"]);
  });

  it("closes when the last tab leaves, and not before", async () => {
    const [first, second] = [tab(), tab()];
    const seats = [first.join(), second.join()];
    seats[0]!.close();
    await settle();
    expect(FakeSocket.all[0]!.readyState).toBe(1);
    FakeSocket.all[0]!.say("after");
    await settle();
    expect([first.heard, second.heard]).toEqual([[], ["after"]]);
    seats[1]!.close();
    await settle();
    expect(FakeSocket.all[0]!.readyState).toBe(3);
    expect([first.closed, second.closed]).toEqual([[], []]);
  });

  it("tells all when it broke, and is opened anew by whoever comes back first", async () => {
    const [first, second] = [tab(), tab()];
    first.join();
    second.join();
    await settle();
    FakeSocket.all[0]!.say("ready");
    FakeSocket.all[0]!.drop(4401);
    await settle();
    expect([first.closed, second.closed]).toEqual([[4401], [4401]]);
    second.join(["teddy.v1", "ticket.2"]);
    first.join();
    await settle();
    expect(FakeSocket.all.map(({ protocols }) => protocols.at(-1))).toEqual(["ticket.1", "ticket.2"]);
    FakeSocket.all[1]!.say("ready anew");
    await settle();
    expect(first.heard).toEqual(["ready", "ready anew"]);
  });

  it("is left by a page that is closed, which finds it broken if it is ever shown again", async () => {
    const only = tab();
    only.join();
    window.dispatchEvent(new Event("pagehide"));
    await settle();
    expect(FakeSocket.all[0]!.readyState).toBe(3);
    expect(only.closed).toEqual([1006]);
  });

  it("is another one for another person", async () => {
    tab("ada").join();
    tab("ben").join();
    await settle();
    expect(FakeSocket.all).toHaveLength(2);
  });

  it("answers each who asks whether it is open, however soon they ask again", async () => {
    vi.useFakeTimers();
    const { shared, closed, join } = tab();
    const answers = [shared.taken(), shared.taken()];
    await vi.advanceTimersByTimeAsync(0);
    join();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await Promise.all(answers)).toEqual([false, false]);
    expect([shared.broken, closed]).toEqual([false, []]);
    vi.useRealTimers();
  });

  it("is broken for good where the worker does not answer", async () => {
    vi.useFakeTimers();
    vi.stubGlobal("SharedWorker", class {
      port = { onmessage: null, postMessage: () => undefined };
    });
    const { shared } = tab();
    const taken = shared.taken();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await taken).toBe(false);
    expect(shared.broken).toBe(true);
    vi.useRealTimers();
  });
});
