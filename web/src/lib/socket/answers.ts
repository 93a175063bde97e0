import type { components } from "@/lib/api/schema";
import type { ChatDelta, ChatError, ChatResponse } from "@/lib/socket/frames";

type Message = components["schemas"]["MessageOut"];
type Problem = components["schemas"]["Problem"];

/** What somebody who follows an answer is told. */
export type Listener = {
  /** The whole text so far. */
  onText: (text: string) => void;
  /** The end: complete, cancelled or interrupted. */
  onEnd: (message: Message) => void;
  /** The end: failed. */
  onFault: (problem: Problem) => void;
};

type Followed = { last: number; text: string; asked: boolean; listener: Listener };

/**
 * Puts the pieces of answers together, whichever way and however often they come: each piece counts once and in
 * its order.
 */
export class Answers {
  private readonly followed = new Map<string, Followed>();

  /** `resume` is called where a piece got lost, with the number of the last one that is there. */
  constructor(private readonly resume: (messageId: string, afterSeq: number) => void) {}

  get size(): number {
    return this.followed.size;
  }

  has(messageId: string): boolean {
    return this.followed.has(messageId);
  }

  /** Begin with nothing heard yet; following again goes on with the text that is there. */
  follow(messageId: string, listener: Listener): void {
    const known = this.followed.get(messageId);
    if (known) {
      known.listener = listener;
      listener.onText(known.text);
    } else {
      this.followed.set(messageId, { last: 0, text: "", asked: false, listener });
    }
  }

  forget(messageId: string): void {
    this.followed.delete(messageId);
  }

  clear(): void {
    this.followed.clear();
  }

  /** Where each answer has got to, to ask for the rest after a break. */
  places(): { messageId: string; last: number }[] {
    return [...this.followed].map(([messageId, { last }]) => ({ messageId, last }));
  }

  take(frame: ChatDelta | ChatResponse | ChatError): void {
    if (frame.type === "chat-delta") return this.append(frame);
    const id = frame.type === "chat-response" ? frame.message.id : frame.message_id;
    const one = id === null ? undefined : this.followed.get(id);
    if (!one || id === null) return;
    this.followed.delete(id);
    if (frame.type === "chat-response") one.listener.onEnd(frame.message);
    else one.listener.onFault(frame.problem);
  }

  private append({ message_id, seq, text }: ChatDelta): void {
    const one = this.followed.get(message_id);
    if (!one || seq <= one.last) return;
    if (seq > one.last + 1) {
      // Asked once: the pieces after the gap come again with the resumed ones.
      if (!one.asked) this.resume(message_id, one.last);
      one.asked = true;
      return;
    }
    one.asked = false;
    one.last = seq;
    one.text += text;
    one.listener.onText(one.text);
  }
}
