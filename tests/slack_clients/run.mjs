// Slack's official clients work against the fake: node run.mjs PATH_TO_FAKE_SLACK

import assert from "node:assert/strict";
import { resolve } from "node:path";
import { bolt_works } from "./bolt.mjs";
import { Fake, deadline_ms } from "./fake.mjs";
import { socket_mode_works } from "./socket_mode.mjs";
import { web_api_works } from "./web_api.mjs";

const binary = process.argv[2];
if (!binary) {
  console.error("run.mjs: no program was named; give the path of fake_slack");
  process.exit(64);
}

let failures = 0;
let checks = 0;

// An error that nobody awaited is a failure of whatever runs just then.
const stray = [];
process.on("unhandledRejection", (error) => stray.push(error));
process.on("uncaughtException", (error) => stray.push(error));

function within(promise, name) {
  let timer;
  const late = new Promise((_, failed) => {
    timer = setTimeout(() => failed(new Error(`${name}: took longer than ${2 * deadline_ms} ms`)), 2 * deadline_ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

async function check(name, does) {
  checks += 1;
  try {
    await within(does(), name);
    assert.deepEqual(stray.splice(0), [], "errors that nobody awaited");
    console.log(`ok   ${name}`);
  } catch (error) {
    failures += 1;
    console.log(`FAIL ${name}\n     ${String(error.stack).replaceAll("\n", "\n     ")}`);
  }
}

// Each client gets a fake of its own.
for (const works of [socket_mode_works, bolt_works, web_api_works]) {
  const fake = new Fake(resolve(binary));
  await fake.start();
  try {
    await works(fake, check);
  } finally {
    await fake.stop();
  }
}

const planned = 28;
if (checks !== planned) {
  failures += 1;
  console.log(`FAIL ${checks} checks were made where ${planned} are planned`);
}
console.log(failures ? `${failures} of ${checks} failed` : `all ${checks} are fine`);
process.exit(failures ? 1 : 0);
