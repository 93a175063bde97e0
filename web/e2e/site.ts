import http from "node:http";
import net from "node:net";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";

/**
 * A door in front of the server that can, from one request to the next, have another version of the service worker,
 * and that counts and cuts the sockets which pass it.
 */
export class Site {
  /** How many were opened until now. */
  sockets = 0;
  private readonly lines = new Set<Duplex>();
  private readonly server: http.Server;
  private version: string | null = null;

  constructor(private readonly behind: URL) {
    this.server = http.createServer((request, response) => this.pass(request, response));
    this.server.on("upgrade", (request, socket) => {
      this.sockets += 1;
      this.lines.add(socket);
      socket.on("close", () => {
        this.lines.delete(socket);
        onward.destroy();
      });
      const onward = net.connect(Number(behind.port), behind.hostname, () => {
        const headers = request.rawHeaders.map((part, at) => (at % 2 ? `${part}\r\n` : `${part}: `)).join("");
        onward.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers}\r\n`);
        socket.pipe(onward).pipe(socket);
      });
      onward.on("close", () => socket.destroy());
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((done) => this.server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Break every socket that is open now; how many that were. */
  cut(): number {
    const cut = [...this.lines];
    cut.forEach((line) => line.destroy());
    return cut.length;
  }

  close(): void {
    this.cut();
    this.server.closeAllConnections();
    this.server.close();
  }

  deploy(version: string): void {
    this.version = version;
  }

  private pass(request: http.IncomingMessage, response: http.ServerResponse): void {
    const { method, url, headers } = request;
    const isWorker = url === "/sw.js" && this.version !== null;
    const asked = isWorker ? { ...headers, "accept-encoding": "identity", "if-none-match": "" } : headers;
    const onward = http.request({ host: this.behind.hostname, port: this.behind.port, method, path: url, headers: asked }, (answer) => {
      if (!isWorker) {
        response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
        return void answer.pipe(response);
      }
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.on("end", () => {
        const script = Buffer.concat(parts).toString().replace(/const VERSION = "[^"]*"/, `const VERSION = "${this.version}"`);
        const policy = String(answer.headers["content-security-policy"]);
        response.writeHead(200, { "Content-Type": "text/javascript", "Cache-Control": "no-cache", "Content-Security-Policy": policy });
        response.end(script);
      });
    });
    onward.on("error", () => response.destroy());
    request.pipe(onward);
  }
}
