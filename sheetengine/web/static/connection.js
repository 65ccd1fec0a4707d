// One WebSocket to the engine. Requests are promises; a lost connection is opened again, and whoever uses it is told to send its state anew.

const FIRST_WAIT = 250;
const LONGEST_WAIT = 2000;

export class EngineError extends Error {
  constructor(message) {
    super(message.text);
    this.kind = message.kind;
  }
}

export class Connection {
  /** `welcome` gets the first message of every connection, `push` what comes unasked, `state` "open" or "closed". */
  constructor(page, { welcome, push = () => {}, state = () => {} }) {
    this.url = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/${page}/socket`;
    this.handlers = { welcome, push, state };
    this.waiting = new Map();
    this.next = 1;
    this.wait = FIRST_WAIT;
    this.open();
  }

  open() {
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.ready = false;
    socket.onmessage = (event) => this.receive(JSON.parse(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.ready = false;
      this.handlers.state("closed");
      for (const { reject } of this.waiting.values()) reject(new EngineError({ kind: "closed", text: "the connection was lost" }));
      this.waiting.clear();
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    };
  }

  receive(message) {
    if (message.type === "welcome") {
      this.ready = true;
      this.wait = FIRST_WAIT;
      this.handlers.state("open");
      this.handlers.welcome(message);
      return;
    }
    const request = this.waiting.get(message.id);
    if (request) {
      this.waiting.delete(message.id);
      if (message.type === "error") request.reject(new EngineError(message));
      else request.resolve(message);
    } else {
      this.handlers.push(message);
    }
  }

  /** Send a message; its answer, or an `EngineError`. */
  request(type, fields = {}) {
    if (!this.ready) return Promise.reject(new EngineError({ kind: "closed", text: "there is no connection" }));
    const id = this.next++;
    this.socket.send(JSON.stringify({ id, type, ...fields }));
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** Send a text as it is: for tests. */
  sendRaw(text) {
    this.socket.send(text);
  }
}
