// Reads a server-sent event stream from text in pieces, cut anywhere.

/** Feed it text; it calls `deliver({type, data, id})` for each whole event and `beat()` for each comment. */
export class EventParser {
  #rest = "";
  #type = "";
  #data = [];
  #first = true;
  #afterReturn = false;

  /** The id of the last event that had one. */
  lastID = "";
  /** The server's wish for the pause before a reconnect, in milliseconds. */
  retry = null;

  constructor(deliver, beat = () => {}) {
    this.deliver = deliver;
    this.beat = beat;
  }

  /** Takes the next piece. A line ends at LF, CR or CRLF, also when the pair is cut in two. */
  feed(piece) {
    if (piece === "") return;
    let input = piece;
    if (this.#first) {
      this.#first = false;
      input = input.replace(/^\uFEFF/, "");
    }
    if (this.#afterReturn && input.startsWith("\n")) input = input.slice(1);
    this.#afterReturn = piece.endsWith("\r");
    const lines = (this.#rest + input).split(/\r\n|\r|\n/);
    this.#rest = lines.pop();
    for (const line of lines) this.#line(line);
  }

  #line(line) {
    if (line === "") return this.#dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return this.beat();
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "event") this.#type = value;
    else if (name === "data") this.#data.push(value);
    else if (name === "id" && !value.includes("\0")) this.lastID = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.retry = Number(value);
  }

  #dispatch() {
    const event = { type: this.#type || "message", data: this.#data.join("\n"), id: this.lastID };
    const isEmpty = this.#data.length === 0;
    this.#type = "";
    this.#data = [];
    if (!isEmpty) this.deliver(event);
  }
}
