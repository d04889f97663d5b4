// The program under test, on an ephemeral port and a folder of its own.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const deadline_ms = 10000;

export class Bot {
  constructor(binary) {
    this.binary = binary;
  }

  async start() {
    this.folder = await mkdtemp(join(tmpdir(), "coxswain-browser-"));
    await this.run(0);
  }

  // Port 0 takes a free one; a second run on the same folder and port goes on where the first was.
  async run(port) {
    const child = spawn(this.binary, ["demo", "--port", String(port), "--clock", "manual", "--data", this.folder], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.child = child;
    this.ended = new Promise((done) => {
      child.once("close", done);
      child.once("error", done);
    });
    let printed = "";
    this.url = await new Promise((found, failed) => {
      const timer = setTimeout(
        () => failed(new Error(`no address was printed within ${deadline_ms} ms; printed was:\n${printed}`)),
        deadline_ms,
      );
      const read = (bytes) => {
        printed += bytes;
        const address = /http:\/\/127\.0\.0\.1:\d+/.exec(printed);
        if (!address) return;
        clearTimeout(timer);
        found(address[0]);
      };
      child.stdout.on("data", read);
      child.stderr.on("data", read);
      child.once("error", (error) => {
        clearTimeout(timer);
        failed(error);
      });
      child.once("exit", (code) => {
        clearTimeout(timer);
        failed(new Error(`${this.binary} ended with ${code}; printed was:\n${printed}`));
      });
    });
    this.port = Number(new URL(this.url).port);
  }

  async stop() {
    this.child.kill("SIGTERM");
    const patience = setTimeout(() => this.child.kill("SIGKILL"), deadline_ms);
    await this.ended;
    clearTimeout(patience);
  }

  async end() {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async call(path, body) {
    const answer = await fetch(
      this.url + path,
      body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  advance(span) {
    return this.call("/api/clock", { advance: span });
  }
}
