import type { SocketLike } from "@/lib/socket/client";

const WORKER = "/shared-socket.js";
const PROTOCOL = 1;
/** A worker that says nothing for so long is none. */
const PATIENCE_MS = 2_000;
const [CONNECTING, OPEN, CLOSED] = [0, 1, 3];
const LOST = 1006;

type Told = { heard?: string; closed?: number; taken?: boolean };

/** The socket that all tabs of this browser have together; `public/shared-socket.js` holds it. */
export class SharedSocket {
  private seat: Seat | null = null;
  /** Who asked whether it is open, in the order in which the worker answers. */
  private readonly asking: ((taken: boolean) => void)[] = [];
  private readonly port: MessagePort;
  /** Nothing can be had of the worker: each tab goes its own way. */
  broken = false;

  constructor(person: string) {
    const worker = new SharedWorker(WORKER, { name: `socket ${PROTOCOL} ${person}` });
    worker.onerror = () => this.giveUp();
    this.port = worker.port;
    this.port.onmessage = ({ data }: MessageEvent<Told>) => this.take(data);
    // Nobody tells the worker that a tab is gone.
    window.addEventListener("pagehide", () => this.seat?.drop());
  }

  /** Whether another tab has opened it, so that this one needs no ticket. */
  taken(): Promise<boolean> {
    if (this.broken) return Promise.resolve(false);
    return new Promise((resolve) => {
      const late = setTimeout(() => this.giveUp(), PATIENCE_MS);
      this.asking.push((taken) => {
        clearTimeout(late);
        resolve(taken);
      });
      this.port.postMessage({});
    });
  }

  /** Take part in it; whoever comes first opens it. */
  join(address: string, protocols: string[]): SocketLike {
    this.seat = new Seat(this.port);
    this.port.postMessage({ join: { address, protocols } });
    return this.seat;
  }

  private take({ heard, closed, taken }: Told): void {
    if (taken !== undefined) this.asking.shift()?.(taken);
    else if (heard !== undefined) this.seat?.hear(heard);
    else if (closed !== undefined) this.seat?.end(closed);
  }

  private giveUp(): void {
    this.broken = true;
    this.asking.splice(0).forEach((answer) => answer(false));
    this.seat?.drop();
  }
}

/** A tab's part in the shared socket, which looks like a socket of its own. */
class Seat implements SocketLike {
  readyState = CONNECTING;
  onmessage: SocketLike["onmessage"] = null;
  onclose: SocketLike["onclose"] = null;

  constructor(private readonly port: MessagePort) {}

  send(data: string): void {
    this.port.postMessage({ say: data });
  }

  close(): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.port.postMessage({ leave: true });
  }

  /** Leave as if the network had broken: a page that is taken out of the browser's memory comes back by itself. */
  drop(): void {
    this.port.postMessage({ leave: true });
    this.end(LOST);
  }

  hear(data: string): void {
    if (this.readyState === CLOSED) return;
    this.readyState = OPEN;
    this.onmessage?.({ data });
  }

  end(code: number): void {
    if (this.readyState === CLOSED) return;
    this.readyState = CLOSED;
    this.onclose?.({ code });
  }
}
