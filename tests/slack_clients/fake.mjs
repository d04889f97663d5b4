// The fake Slack as a program on a free port, and what a test asks of it.

import { spawn } from "node:child_process";

export const deadline_ms = 20000;

export class Fake {
  constructor(binary) {
    this.binary = binary;
  }

  async start() {
    this.child = spawn(this.binary, ["--port", "0"], { stdio: ["ignore", "pipe", "inherit"] });
    this.ended = new Promise((done) => this.child.once("close", done));
    let printed = "";
    this.address = await new Promise((found, failed) => {
      const give_up = (why) => failed(new Error(`${why}; printed was: ${printed}`));
      const timer = setTimeout(give_up, deadline_ms, "no address was printed");
      this.child.stdout.on("data", (bytes) => {
        printed += bytes;
        const address = /fake slack is at (http:\/\/127\.0\.0\.1:\d+)\//.exec(printed);
        if (!address) return;
        clearTimeout(timer);
        found(address[1]);
      });
      this.child.once("error", give_up);
      this.child.once("exit", (code) => give_up(`it ended with ${code}`));
    });
    this.api = `${this.address}/api/`;
  }

  async stop() {
    this.child.kill("SIGTERM");
    await this.ended;
  }

  async control(words) {
    const response = await fetch(`${this.address}/_control`, { method: "POST", body: JSON.stringify(words) });
    const answer = await response.json();
    if (answer.ok === false) throw new Error(`${JSON.stringify(words)}: ${answer.error}`);
    return answer;
  }

  act(name, args = {}) {
    return this.control({ ...args, do: name });
  }

  wait(what) {
    return this.control({ ...what, do: "wait", within_ms: deadline_ms });
  }

  async see(part) {
    const response = await fetch(`${this.address}/_state?part=${part}`);
    return (await response.json())[part];
  }

  async envelope(id) {
    return (await this.see("envelopes")).find((one) => one.id === id);
  }

  // Does it, and waits until what follows from it is acknowledged.
  async act_acked(name, args) {
    const done = await this.act(name, args);
    await this.wait({ acked: done.envelopes });
    return { ...done, ack: (await this.envelope(done.envelopes[0])).acks[0] };
  }
}

// The next time that `emitter` emits `name`, and `fits`.
export function next(emitter, name, fits = () => true) {
  return new Promise((came, failed) => {
    const timer = setTimeout(() => failed(new Error(`"${name}" did not come`)), deadline_ms);
    const listen = (what) => {
      if (!fits(what)) return;
      clearTimeout(timer);
      emitter.off(name, listen);
      came(what);
    };
    emitter.on(name, listen);
  });
}
