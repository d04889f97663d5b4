// A newcomer runs an incident in the web channel, in a real browser: node run.mjs PATH_TO_COXSWAIN

import assert from "node:assert/strict";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import { Bot } from "./bot.mjs";
import { sound } from "./names.mjs";
import { Person } from "./person.mjs";

const binary = process.argv[2];
if (!binary) {
  console.error("run.mjs: no program was named; give the path of coxswain: node run.mjs build/release/bot/coxswain");
  process.exit(64);
}

const people = [];
let browser = null;
let bot = null;

async function leave(code) {
  await browser?.close().catch(() => {});
  await bot?.end().catch(() => {});
  process.exit(code);
}

async function check(name, does) {
  try {
    await does();
    for (const { name: who, errors } of people) assert.deepEqual(errors, [], `errors on the page of ${who}`);
    console.log(`ok   ${name}`);
  } catch (error) {
    console.log(`FAIL ${name}\n     ${error.message.replaceAll("\n", "\n     ")}`);
    const folder = people.length ? await mkdtemp(join(tmpdir(), "coxswain-screenshot-")) : null;
    for (const { name: who, page } of people) {
      const path = join(folder, `${who}.png`);
      await page.screenshot({ path }).then(
        () => console.log(`     screenshot: ${path}`),
        () => {},
      );
    }
    await leave(1);
  }
}

async function sit(name, options) {
  const person = await Person.sit(browser, bot.url, name, options);
  people.push(person);
  return person;
}

const narrow = async ({ page }) => {
  const wide = await page.evaluate(() =>
    ["html", "#log", "#card", "#facts", "#composer", "#top"].filter((selector) => {
      const e = document.querySelector(selector);
      return e && e.scrollWidth > e.clientWidth + 1;
    }),
  );
  assert.deepEqual(wide, [], "these scroll sideways");
};

let ana, bo, channel;

await check("the bot starts and prints its address", async () => {
  bot = new Bot(resolve(binary));
  await bot.start();
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

await check("a newcomer sees #ops and what to type", async () => {
  ana = await sit("ana");
  assert.equal(await ana.page.locator("#name").textContent(), "#ops");
  await ana.page.locator("#log .empty button").click();
  assert.match(await ana.input.inputValue(), /^\/declare 1 /);
  await ana.input.fill("");
});

await check("the page is sound for a screen reader", () => sound(ana.page));

await check("a name is taken and remembered", async () => {
  await ana.become("ana");
  await ana.page.reload();
  await ana.holds("#speaker", (label) => label.includes("Ana"), "aria-label");
});

await check("a second browser sees what is said as it is said", async () => {
  bo = await sit("bo");
  await bo.become("bo");
  await ana.say("checkout alerts are going off");
  await ana.messages("checkout alerts are going off").waitFor();
  await bo.messages("checkout alerts are going off").waitFor();
  await bo.say("looking");
  await ana.messages("looking").waitFor();
  assert.equal(await ana.messages("checkout alerts are going off").count(), 1);
});

await check("commands are completed by keyboard, and their usage stays in view", async () => {
  await ana.input.pressSequentially("/decl");
  const active = await ana.holds("#input", (id) => id.startsWith("option-"), "aria-activedescendant");
  assert.match(await ana.page.locator(`#${active}`).textContent(), /^declare/);
  assert.equal(await ana.page.locator(`#${active}`).getAttribute("aria-selected"), "true");
  await ana.page.keyboard.press("Tab");
  assert.equal(await ana.input.inputValue(), "/declare ");
  assert.match(await ana.page.locator("#hint").textContent(), /declare .*TITLE/);
  await ana.input.fill("/");
  await ana.page.keyboard.press("ArrowDown");
  await ana.holds("#input", (id) => id === "option-1", "aria-activedescendant");
  await ana.page.keyboard.press("ArrowUp");
  await ana.page.keyboard.press("ArrowUp");
  const last = (await ana.page.locator("#options li").count()) - 1;
  await ana.holds("#input", (id) => id === `option-${last}`, "aria-activedescendant");
  await ana.page.keyboard.press("Escape");
  assert.equal(await ana.page.locator("#options").isVisible(), false);
  await ana.input.fill("");
  await ana.input.pressSequentially("is it @b");
  await ana.page.keyboard.press("Enter");
  assert.equal(await ana.input.inputValue(), "is it @bo ");
  await ana.input.fill("");
});

await check("declaring opens a channel and takes the declarer there", async () => {
  await ana.say("/declare 1 checkout errors impact ~38% of payments fail");
  await ana.holds("#name", (name) => name.startsWith("#inc-"));
  channel = await ana.page.locator("#name").textContent();
  await ana.topic("SEV-1 checkout errors · investigating | IC Ana (acting)");
  await ana.shows("~38% of payments fail");
  await ana.page.locator("#log .msg.alert", { hasText: "38%" }).waitFor();
  assert.equal(await ana.page.locator("#log .msg.card").count(), 0, "the card is not told twice");
});

await check("the other browser finds the channel with its severity in the list", async () => {
  const link = bo.page.locator("#channels a", { hasText: channel.slice(1) });
  await link.locator(".chip", { hasText: "SEV-1" }).waitFor();
  await link.click();
  await bo.topic("IC Ana (acting)");
  await bo.shows("checkout errors");
});

await check("taking command by button is told to everybody", async () => {
  await ana.press("Take command");
  await ana.topic((topic) => topic.includes("IC Ana ") && !topic.includes("acting"));
  await bo.topic((topic) => topic.includes("IC Ana ") && !topic.includes("acting"));
  await bo.holds("#card .roles", (roles) => roles.includes("Ana") && !roles.includes("acting"));
});

await check("a role is offered and accepted by whoever it was offered to", async () => {
  await ana.say("/ops @ameer");
  await ana.topic("Ops Ameer?");
  await ana.shows("Ameer asked");
  await ana.become("ameer");
  await ana.press("Accept");
  await ana.topic((topic) => topic.includes("Ops Ameer") && !topic.includes("Ameer?"));
  await bo.topic((topic) => topic.includes("Ops Ameer") && !topic.includes("Ameer?"));
  await ana.become("ana");
});

await check("a refusal is private and its command is ready to copy", async () => {
  await ana.say("/mitigate roll back 4.12");
  const refusal = ana.page.locator("#log .msg.private").last();
  await refusal.locator("button.code").first().click();
  assert.match(await ana.input.inputValue(), /^\/mitigate/);
  await ana.input.fill("");
  await ana.become("ameer");
  await refusal.filter({ hasText: "roll back" }).waitFor({ state: "detached" });
  await ana.become("ana");
  await refusal.filter({ hasText: "roll back" }).waitFor();
  await bo.messages("/mitigate roll back 4.12").waitFor();
  await ana.say("over to ameer");
  await bo.messages("over to ameer").waitFor();
  const seen = await bo.page.locator("#log .msg.private").allTextContents();
  assert.ok(!seen.some((text) => text.includes("roll back")), "somebody else's private message is shown");
});

await check("a mitigation is assigned, accepted and shown on the card", async () => {
  await ana.say("/mitigate roll back 4.12 @ameer eta 10m");
  await ana.shows("roll back 4.12");
  await ana.shows("waits for Ameer");
  await ana.become("ameer");
  await ana.press("Accept");
  await ana.holds(
    "#card .items",
    (items) => items.includes("A1") && items.includes("Ameer") && !items.includes("waits for"),
  );
  await bo.holds(
    "#card .items",
    (items) => items.includes("A1") && items.includes("Ameer") && !items.includes("waits for"),
  );
  await ana.become("ana");
});

await check("the countdown follows the channel's clock and turns amber in the last fifth", async () => {
  const before = await ana.page.locator("#count .left").textContent();
  assert.match(before, /^\d+:\d\d$/);
  await bot.advance("9m");
  await ana.holds("#count", (mood) => mood === "soon", "className");
  assert.notEqual(await ana.page.locator("#count .left").textContent(), before);
});

await check("the call is a link on the card of everybody", async () => {
  await ana.say("/call https://meet.example.org/inc-1");
  const link = bo.page.locator("#facts a", { hasText: "https://meet.example.org/inc-1" });
  await link.waitFor();
  assert.equal(await link.getAttribute("href"), "https://meet.example.org/inc-1");
  assert.match(await link.getAttribute("rel"), /\bnoopener\b/);
});

await check("an update keeps its lines and starts the countdown anew", async () => {
  await ana.say("/hyp release 4.12 raised payment time-outs suspected");
  await ana.shows("release 4.12 raised payment time-outs");
  await ana.say("/update impact ~38% checkout failures in web app");
  const update = ana.page.locator("#log .msg.update").last();
  await update.waitFor();
  const lines = (await update.locator(".text").innerText()).split("\n").filter(Boolean);
  assert.match(lines[0], /^\[\d\d:\d\d UTC\] SEV-1 checkout errors/);
  assert.ok(lines.includes("Impact: ~38% checkout failures in web app"), lines.join("\n"));
  assert.ok(
    lines.some((line) => line.startsWith("Next update: ")),
    lines.join("\n"),
  );
  await ana.holds("#count", (mood) => mood === "", "className");
  await bo.page.locator("#log .msg.update", { hasText: "~38% checkout failures in web app" }).last().waitFor();
});

await check("what could not be sent stays at the input and arrives once", async () => {
  const keys = [];
  ana.page.on("request", (request) => {
    if (request.url().endsWith("/messages")) keys.push(request.postDataJSON().key);
  });
  await ana.page.route("**/messages", (route) => route.abort());
  await ana.input.fill("errors are falling");
  await ana.page.keyboard.press("Enter");
  await ana.page.locator("#trouble", { hasText: "Not sent" }).waitFor();
  assert.equal(await ana.input.inputValue(), "errors are falling");
  await ana.page.unroute("**/messages");
  await ana.page.keyboard.press("Enter");
  await bo.messages("errors are falling").waitFor();
  await ana.page.locator("#log .msg:not(.pending)", { hasText: "errors are falling" }).waitFor();
  assert.equal(await ana.messages("errors are falling").count(), 1);
  assert.equal(keys.length, 2);
  assert.equal(keys[0], keys[1], "sent again, it is the same message");
  assert.equal(await ana.page.locator("#trouble").isVisible(), false);
});

await check("when only the answer is lost, sending again does not say it twice", async () => {
  const lost = new Promise((done) =>
    ana.page.route("**/messages", async (route) => {
      await route.fetch();
      await route.abort();
      done();
    }),
  );
  await ana.input.fill("errors below 8%");
  await ana.page.keyboard.press("Enter");
  await lost;
  await ana.page.unroute("**/messages");
  await bo.messages("errors below 8%").waitFor();
  // Either the page has seen it arrive, or it asks to send again.
  await ana.page.locator("#log .msg:not(.pending)", { hasText: "errors below 8%" }).waitFor();
  if (await ana.input.inputValue()) await ana.page.keyboard.press("Enter");
  await ana.say("and falling");
  await bo.messages("and falling").waitFor();
  const { messages } = await bot.call(`/api/channels/${encodeURIComponent(channel.slice(1))}`);
  assert.equal(messages.filter((message) => message.text === "errors below 8%").length, 1);
});

await check("the action is done by its button", async () => {
  await ana.become("ameer");
  await ana.press("Done");
  await ana.holds("#facts", (facts) => !facts.includes("roll back 4.12"));
  await ana.become("ana");
});

await check("channels are switched by keyboard, and Escape closes what is open", async () => {
  await ana.page.keyboard.press("Alt+ArrowUp");
  await ana.holds("#name", (name) => name !== channel);
  await ana.page.keyboard.press("Alt+ArrowDown");
  await ana.holds("#name", (name) => name === channel);
  await ana.page.locator("#speaker").click();
  await ana.page.keyboard.press("Escape");
  assert.equal(await ana.page.locator("#speakers").isVisible(), false);
});

await check("an incident that moves takes its card along and leaves word behind", async () => {
  await ana.page.locator("#channels a", { hasText: "ops" }).click();
  await ana.holds("#name", (name) => name === "#ops");
  await bot.advance("1s"); // an edit is known by its time
  await ana.say("/move INC-1 here because the other room is too loud");
  await ana.shows("checkout errors");
  await ana.topic("SEV-1 checkout errors");
  await bo.messages("is commanded in #ops from now on").waitFor();
  await bo.card.waitFor({ state: "hidden" });
  await bo.topic("moved to #ops");
  await bo.page.locator("#log .msg.card", { hasText: "commanded in #ops now" }).waitFor();
  await ana.page.locator("#channels a", { hasText: channel.slice(1) }).click();
  await ana.say("/move INC-1 here because it is quiet again");
  await ana.shows("checkout errors");
  await bo.shows("checkout errors");
  await bo.topic("IC Ana");
  await bo.page.locator("#log .msg.card").waitFor({ state: "detached" });
});

await check("on a phone nothing scrolls sideways and the card folds out", async () => {
  const phone = await sit("phone", { viewport: { width: 360, height: 740 }, hasTouch: true });
  await phone.page.locator("#menu").tap();
  await phone.page.locator("#channels a", { hasText: channel.slice(1) }).tap();
  await phone.shows("checkout errors");
  await narrow(phone);
  assert.equal(await phone.page.locator("#facts").isVisible(), false);
  await phone.page.locator("#card .toggle").tap();
  assert.equal(await phone.page.locator("#facts").isVisible(), true);
  await narrow(phone);
  await phone.input.fill("/");
  await narrow(phone);
  await phone.page.setViewportSize({ width: 320, height: 640 });
  await narrow(phone);
  await sound(phone.page);
  await phone.context.close();
  people.pop();
});

await check("a dark screen stays dark, and the text light", async () => {
  const night = await sit("night", { colorScheme: "dark" });
  const [ground, ink] = await night.page.evaluate(() => {
    const style = getComputedStyle(document.querySelector("#composer"));
    return [style.backgroundColor, style.color].map((colour) =>
      colour
        .match(/[\d.]+/g)
        .slice(0, 3)
        .reduce((sum, part) => sum + Number(part), 0),
    );
  });
  assert.ok(ground < 200 && ink > 500, `ground ${ground}, ink ${ink}`);
  await night.context.close();
  people.pop();
});

await check("the bot restarts, the page comes back by itself and misses nothing", async () => {
  await bot.stop();
  await ana.page.locator("#link", { hasText: "Reconnecting" }).waitFor();
  await bot.run(bot.port);
  await bot.call(`/api/channels/${encodeURIComponent(channel.slice(1))}/messages`, {
    user: "bo",
    text: "still here",
    key: "after-restart",
  });
  await ana.messages("still here").waitFor();
  await ana.holds("#link", (text) => text === "");
  await bo.messages("still here").waitFor();
  await ana.topic("IC Ana");
});

await check("contained: the stabilisation update, and the card says so", async () => {
  await ana.say("/contained rolling back 4.12 stopped it");
  await ana.page.locator("#log .msg.stabilisation").waitFor();
  await ana.holds("#card .status", (status) => status === "contained");
  await ana.topic("contained");
  await bo.topic("contained");
});

await check("resolving waits for the quiet time, then ends the incident for everybody", async () => {
  const privates = await ana.page.locator("#log .msg.private").count();
  await ana.say("/resolve rolled back 4.12");
  await ana.page.locator("#log .msg.private").nth(privates).waitFor();
  assert.equal(await ana.page.locator("#log .msg.resolution").count(), 0);
  for (const span of ["10m", "10m", "5m"]) await bot.advance(span);
  await ana.say("/resolve rolled back 4.12, errors below 1%");
  await ana.page.locator("#log .msg.resolution").waitFor();
  await ana.holds("#card .status", (status) => status === "resolved");
  await bo.page.locator("#log .msg.resolution").waitFor();
  await bo.page.locator("#channels a .chip").waitFor({ state: "detached" });
});

await check("the page is still sound, and nobody's console complained", () => sound(ana.page));

await leave(0);
