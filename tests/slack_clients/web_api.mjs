// @slack/web-api: posting, reading back, pages, limits.

import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import { ErrorCode, LogLevel, WebClient } from "@slack/web-api";

const impatient = { retries: 3, minTimeout: 10, factor: 1 };

// The methods that our own code names, but for those that it only knows the pace of.
function methods_that_we_call() {
  const folder = new URL("../../adapters/slack/", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith(".cpp") && name !== "pace.cpp");
  const families = "auth|bookmarks|chat|conversations|pins|reactions|usergroups|users|views";
  const method = new RegExp(`"((?:${families})\\.[a-zA-Z.]+)"`, "g");
  const named = sources.flatMap((name) => [...readFileSync(new URL(name, folder), "utf8").matchAll(method)]);
  return [...new Set(named.map(([, name]) => name))].sort();
}

export async function web_api_works(fake, check) {
  const web = new WebClient("xoxb-1-fake", {
    slackApiUrl: fake.api,
    logLevel: LogLevel.ERROR,
    retryConfig: impatient,
  });
  const metadata = { event_type: "incident_post", event_payload: { op: "7:declare:1" } };
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "*SEV1*" } }];
  let posted;

  await check("web api: posts, updates and reads back with metadata", async () => {
    posted = await web.chat.postMessage({ channel: "C0OPS0001", text: "SEV1", blocks, metadata });
    assert.equal(posted.ok, true);
    assert.equal(posted.channel, "C0OPS0001");
    assert.ok(posted.response_metadata.scopes.includes("chat:write"));
    await web.chat.update({ channel: posted.channel, ts: posted.ts, text: "SEV2" });
    const read = await web.conversations.history({ channel: "C0OPS0001", include_all_metadata: true });
    assert.equal(read.messages[0].text, "SEV2");
    assert.deepEqual(read.messages[0].blocks, [], "text without blocks takes the blocks away");
    assert.deepEqual(read.messages[0].metadata, metadata);
    const thread = await web.conversations.replies({ channel: "C0OPS0001", ts: posted.ts });
    assert.deepEqual(thread.messages.map(({ text }) => text), ["SEV2"]);
    const plain = await web.conversations.history({ channel: "C0OPS0001" });
    assert.equal(plain.messages[0].metadata, undefined);
  });

  await check("web api: an error has Slack's word", async () => {
    const failed = web.conversations.setTopic({ channel: "C0OPS0001", topic: "x".repeat(251) });
    await assert.rejects(failed, (error) => error.code === ErrorCode.PlatformError && error.data.error === "too_long");
    const stranger = new WebClient("xoxb-wrong", { slackApiUrl: fake.api, logLevel: LogLevel.ERROR });
    await assert.rejects(stranger.auth.test(), (error) => error.data.error === "invalid_auth");
  });

  await check("web api: waits after a 429 and tries again", async () => {
    await fake.act("fault", { kind: "limited", where: "chat.postMessage", retry_after: 0, count: 2 });
    const answer = await web.chat.postMessage({ channel: "C0OPS0001", text: "patience" });
    assert.equal(answer.ok, true);
    const statuses = (await fake.see("calls")).filter(({ args }) => args.text === "patience").map(({ status }) => status);
    assert.deepEqual(statuses, [429, 429, 200]);
  });

  await check("web api: a post whose answer is lost is posted twice by the official client", async () => {
    await fake.act("fault", { kind: "reset", where: "chat.postMessage", done: true });
    await web.chat.postMessage({ channel: "C0OPS0001", text: "twice" });
    const said = (await fake.see("channels")).C0OPS0001.messages.filter(({ text }) => text === "twice");
    assert.equal(said.length, 2);
  });

  await check("web api: pages follow one another to the end", async () => {
    await web.conversations.join({ channel: "C0GENERAL" });
    const sent = [];
    for (let i = 0; i < 7; ++i) {
      sent.push(`${i}`);
      await web.chat.postMessage({ channel: "C0GENERAL", text: `${i}` });
    }
    const read = [];
    let pages = 0;
    for await (const page of web.paginate("conversations.history", { channel: "C0GENERAL", limit: 3 })) {
      pages += 1;
      read.push(...page.messages.filter(({ subtype }) => !subtype).map(({ text }) => text));
    }
    assert.deepEqual(read, sent.reverse());
    assert.equal(pages, 3);
    const people = [];
    for await (const page of web.paginate("users.list", { limit: 1 })) people.push(...page.members.map(({ id }) => id));
    assert.deepEqual(people.sort(), ["U0ALICE01", "U0BOB0001", "U0COXBOT1"]);
  });

  await check("web api: a channel from its creation to its archive", async () => {
    const { channel } = await web.conversations.create({ name: "inc-7" });
    await web.conversations.invite({ channel: channel.id, users: "U0ALICE01,U0BOB0001" });
    await web.conversations.setTopic({ channel: channel.id, topic: "SEV1" });
    const { ts } = await web.chat.postMessage({ channel: channel.id, text: "card" });
    await web.pins.add({ channel: channel.id, timestamp: ts });
    await web.reactions.add({ channel: channel.id, timestamp: ts, name: "eyes" });
    await web.bookmarks.add({ channel_id: channel.id, title: "Doc", type: "link", link: "https://x.test/" });
    const { permalink } = await web.chat.getPermalink({ channel: channel.id, message_ts: ts });
    assert.equal(permalink, `https://acme.slack.com/archives/${channel.id}/p${ts.replace(".", "")}`);
    await web.conversations.archive({ channel: channel.id });
    const again = web.conversations.create({ name: "inc-7" });
    await assert.rejects(again, (error) => error.data.error === "name_taken");
    const seen = (await fake.see("channels"))[channel.id];
    assert.deepEqual(seen.members, ["U0ALICE01", "U0BOB0001", "U0COXBOT1"]);
    assert.equal(seen.topic, "SEV1");
    assert.deepEqual(seen.pins, [ts]);
    assert.equal(seen.is_archived, true);
  });

  await check("web api: people, channels and what is for one person are told of", async () => {
    const we = await web.auth.test();
    assert.deepEqual([we.user_id, we.bot_id], ["U0COXBOT1", "B0COXBOT1"]);
    const { user } = await web.users.info({ user: "U0ALICE01" });
    assert.deepEqual([user.id, user.is_bot], ["U0ALICE01", false]);
    const { channel } = await web.conversations.create({ name: "inc-8" });
    await web.conversations.setPurpose({ channel: channel.id, purpose: "payments" });
    const info = await web.conversations.info({ channel: channel.id });
    assert.equal(info.channel.purpose.value, "payments");
    const names = [];
    for await (const page of web.paginate("conversations.list", { exclude_archived: true, limit: 1 }))
      names.push(...page.channels.map(({ name }) => name));
    assert.deepEqual(names.sort(), ["general", "inc-8", "ops"]);
    const { members } = await web.conversations.members({ channel: channel.id });
    assert.deepEqual(members, ["U0COXBOT1"]);
    const only = { channel: channel.id, user: "U0ALICE01", text: "for you" };
    await assert.rejects(web.chat.postEphemeral(only), (error) => error.data.error === "user_not_in_channel");
    await web.conversations.invite({ channel: channel.id, users: "U0ALICE01" });
    assert.ok((await web.chat.postEphemeral(only)).message_ts);
  });

  await check("web api: a bookmark is edited, views are opened and published", async () => {
    const link = { channel_id: "C0OPS0001", title: "Call", type: "link", link: "https://x.test/1" };
    const { bookmark } = await web.bookmarks.add(link);
    const edit = { channel_id: "C0OPS0001", bookmark_id: bookmark.id, link: "https://x.test/2" };
    const edited = await web.bookmarks.edit(edit);
    assert.deepEqual([edited.bookmark.id, edited.bookmark.link], [bookmark.id, "https://x.test/2"]);
    const text = { type: "plain_text", text: "Declare" };
    const typed = await fake.act("command", { user: "alice", channel: "ops", text: "declare" });
    const { payload } = await fake.envelope(typed.envelopes[0]);
    const trigger_id = payload.trigger_id;
    const opened = await web.views.open({ trigger_id, view: { type: "modal", title: text, blocks: [] } });
    assert.equal(opened.view.type, "modal");
    const home = { type: "home", blocks: [{ type: "section", text }] };
    const first = await web.views.publish({ user_id: "U0ALICE01", view: home });
    const second = await web.views.publish({ user_id: "U0ALICE01", view: home });
    assert.equal(first.view.id, second.view.id);
  });

  await check("web api: each method that we call has been called", async () => {
    const called = new Set((await fake.see("calls")).map(({ method }) => method));
    const wanted = methods_that_we_call();
    assert.ok(wanted.includes("chat.postMessage"));
    assert.deepEqual(wanted.filter((method) => !called.has(method)), []);
  });
}
