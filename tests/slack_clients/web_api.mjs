// @slack/web-api: posting, reading back, pages, limits.

import assert from "node:assert/strict";
import { ErrorCode, LogLevel, WebClient } from "@slack/web-api";

const impatient = { retries: 3, minTimeout: 10, factor: 1 };

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
}
