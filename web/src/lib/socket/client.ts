import { ApiProblem } from "@/lib/api/problem";
import { Answers, type Listener } from "@/lib/socket/answers";
import { readFrame, type ChatFrame, type ClientFrame, type ServerFrame } from "@/lib/socket/frames";

/** `idle` nothing asked of it; `waiting` for the next try; `barred` no socket can be had: answers come over HTTP. */
export type Link = "idle" | "connecting" | "open" | "waiting" | "barred";

/** The part of a WebSocket that is needed, so that tests can bring their own. */
export type SocketLike = {
  readyState: number;
  send: (data: string) => void;
  close: (code?: number) => void;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
};

export type Asked = {
  onTaken: (threadId: string, messageId: string) => Listener;
  onRefused: (error: ApiProblem) => void;
};

export type Means = {
  open: (protocols: string[]) => SocketLike;
  /** Null where the socket is open already, for another tab. */
  ticket: () => Promise<string | null>;
  /** Ask and follow over HTTP, where no socket can be had. */
  askPlainly: (chat: ChatFrame, asked: Asked) => void;
  followPlainly: (messageId: string, afterSeq: number, answers: Answers) => void;
  random?: () => number;
};

type FrameOf<Type extends ServerFrame["type"]> = Extract<ServerFrame, { type: Type }>;

export const SUBPROTOCOL = "teddy.v1";
const OPEN = 1;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** After which an answer is followed again whose relay broke off on the server. */
const FALTERED_MS = 2_000;
/** Tries in a row that never became a conversation, after which the network counts as one without WebSocket. */
const TRIES = 3;
/** A server that is full or restarting, or a network that is away: the same tries would say nothing of WebSocket. */
const PASSING = new Set([408, 429, 500, 502, 503, 504]);

/**
 * The line to the server for answers and news. It opens with the first need and comes back after a break; questions
 * are sent again under their id and answers resumed after their last piece, so nothing is lost or said twice.
 */
export class SocketClient {
  link: Link = "idle";
  private socket: SocketLike | null = null;
  private failures = 0;
  private refusals = 0;
  private pause: ReturnType<typeof setTimeout> | undefined;
  private readonly asked = new Map<string, { chat: ChatFrame; asked: Asked }>();
  private readonly answers = new Answers((id, last) => this.resume(id, last));
  private readonly listeners = new Set<(frame: ServerFrame) => void>();
  private readonly overhearers = new Set<(frame: ServerFrame) => void>();
  private readonly watchers = new Set<() => void>();
  private round = 0;

  constructor(private readonly means: Means) {}

  /** Ask; until the server has taken it, the question is sent again after each break. */
  ask(chat: ChatFrame, asked: Asked): void {
    if (this.link === "barred") return this.means.askPlainly(chat, asked);
    this.asked.set(chat.id, { chat, asked });
    if (!this.send(chat)) this.connect();
  }

  /** Hear an answer from its beginning. */
  follow(messageId: string, listener: Listener): void {
    const known = this.answers.has(messageId);
    this.answers.follow(messageId, listener);
    if (known) return;
    if (this.link === "barred") this.means.followPlainly(messageId, 0, this.answers);
    else if (!this.send({ type: "resume", message_id: messageId, after_seq: 0 })) this.connect();
  }

  unfollow(messageId: string): void {
    this.answers.forget(messageId);
  }

  /** Stop an answer; false when there is no line to say so over. */
  cancel(messageId: string): boolean {
    return this.send({ type: "cancel", message_id: messageId });
  }

  /** Be told of news, such as how far documents have been read, while the listener stays. */
  on<Type extends ServerFrame["type"]>(type: Type, listener: (frame: FrameOf<Type>) => void): () => void {
    const stop = this.hear(this.listeners, type, listener);
    if (this.link === "idle") this.connect();
    return stop;
  }

  /** The same, but no line is opened or kept for it: for what can be had otherwise, only later. */
  overhear<Type extends ServerFrame["type"]>(type: Type, listener: (frame: FrameOf<Type>) => void): () => void {
    return this.hear(this.overhearers, type, listener);
  }

  watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  /** The network is back, or the page in sight again: no reason to wait any longer. */
  hurry(): void {
    if (this.link === "waiting") this.connect();
  }

  /** Nobody looks: give the place back, unless an answer is under way. */
  rest(): void {
    if (this.busy || this.link === "barred") return;
    this.drop();
    this.become("idle");
  }

  /** The page is looked at again: what listens for news needs its line. */
  wake(): void {
    if (this.link === "idle" && this.listeners.size > 0) this.connect();
    this.hurry();
  }

  /** The log-in has ended: forget everything that belonged to it. */
  end(): void {
    this.drop();
    this.asked.clear();
    this.answers.clear();
    this.failures = this.refusals = 0;
    this.become("idle");
  }

  private hear<Type extends ServerFrame["type"]>(
    among: Set<(frame: ServerFrame) => void>,
    type: Type,
    listener: (frame: FrameOf<Type>) => void,
  ): () => void {
    const heard = (frame: ServerFrame) => frame.type === type && listener(frame as FrameOf<Type>);
    among.add(heard);
    return () => among.delete(heard);
  }

  private get busy(): boolean {
    return this.asked.size > 0 || this.answers.size > 0;
  }

  private drop(): void {
    clearTimeout(this.pause);
    this.round += 1;
    const socket = this.socket;
    this.socket = null;
    if (socket) {
      socket.onclose = socket.onmessage = null;
      socket.close();
    }
  }

  private become(link: Link): void {
    this.link = link;
    this.watchers.forEach((watcher) => watcher());
  }

  private send(frame: ClientFrame): boolean {
    if (this.link !== "open" || this.socket?.readyState !== OPEN) return false;
    this.socket.send(JSON.stringify(frame));
    return true;
  }

  private resume(messageId: string, last: number): void {
    this.send({ type: "resume", message_id: messageId, after_seq: last });
  }

  private resumeAll(): void {
    for (const { messageId, last } of this.answers.places()) this.resume(messageId, last);
  }

  private connect(): void {
    if (this.link === "connecting" || this.link === "open") return;
    clearTimeout(this.pause);
    this.become("connecting");
    this.round += 1;
    const round = this.round;
    this.means.ticket().then(
      (ticket) => round === this.round && this.open(ticket),
      (error: unknown) => round === this.round && this.withoutTicket(error),
    );
  }

  private withoutTicket(error: unknown): void {
    // A refusal ends it (a log-in that is over logs out by itself); anything else may pass.
    if (error instanceof ApiProblem && !PASSING.has(error.status)) {
      this.asked.forEach(({ asked }) => asked.onRefused(error));
      this.end();
    } else {
      this.later();
    }
  }

  private open(ticket: string | null): void {
    let talked = false;
    let socket: SocketLike;
    try {
      socket = this.means.open(ticket === null ? [SUBPROTOCOL] : [SUBPROTOCOL, `ticket.${ticket}`]);
    } catch {
      return this.bar();
    }
    this.socket = socket;
    socket.onmessage = ({ data }) => {
      const frame = readFrame(data);
      if (!frame) return;
      talked = true;
      this.take(frame);
    };
    socket.onclose = () => {
      this.socket = null;
      this.refusals = talked ? 0 : this.refusals + 1;
      if (!this.busy && this.listeners.size === 0) this.become("idle");
      else if (this.refusals >= TRIES) this.bar();
      else this.later();
    };
  }

  private later(): void {
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.failures);
    this.failures += 1;
    this.become("waiting");
    // Half of it by chance, lest everybody come back at the same moment after a restart.
    this.pause = setTimeout(() => this.connect(), longest * (0.5 + (this.means.random ?? Math.random)() / 2));
  }

  /** No socket gets through here: everything that waits goes over HTTP. */
  private bar(): void {
    this.become("barred");
    const waiting = [...this.asked.values()];
    this.asked.clear();
    for (const { messageId, last } of this.answers.places()) this.means.followPlainly(messageId, last, this.answers);
    for (const { chat, asked } of waiting) this.means.askPlainly(chat, asked);
  }

  private take(frame: ServerFrame): void {
    switch (frame.type) {
      case "ready":
        return this.begin();
      case "chat-processing":
        return this.taken(frame);
      case "chat-delta":
      case "chat-response":
        return this.answers.take(frame);
      case "chat-error":
        return frame.message_id === null ? this.refused(frame.id, frame.problem) : this.answers.take(frame);
      case "error":
        if (frame.problem.status === 503) setTimeout(() => this.resumeAll(), FALTERED_MS);
        return this.refused(frame.id ?? null, frame.problem);
      default:
        for (const among of [this.listeners, this.overhearers]) among.forEach((listener) => listener(frame));
    }
  }

  private begin(): void {
    this.failures = this.refusals = 0;
    this.become("open");
    this.resumeAll();
    for (const { chat } of this.asked.values()) this.send(chat);
  }

  private taken({ id, thread_id, message_id }: FrameOf<"chat-processing">): void {
    const one = this.asked.get(id);
    if (!one) return;
    this.asked.delete(id);
    this.answers.follow(message_id, one.asked.onTaken(thread_id, message_id));
  }

  private refused(id: string | null, problem: FrameOf<"error">["problem"]): void {
    const one = id === null ? undefined : this.asked.get(id);
    if (!one || id === null) return;
    this.asked.delete(id);
    one.asked.onRefused(new ApiProblem(problem));
  }
}
