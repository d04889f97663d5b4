// @slack/socket-mode: connecting, envelopes and acknowledgements, being sent away and coming back.

import assert from "node:assert/strict";
import { LogLevel, SocketModeClient } from "@slack/socket-mode";
import { next } from "./fake.mjs";

const app_token = "xapp-1-A0FAKE001-1-fake";
// The client waits so long before it reconnects, once more for each failure.
const patience_ms = 400;

export async function socket_mode_works(fake, check) {
  const client = new SocketModeClient({
    appToken: app_token,
    logLevel: LogLevel.ERROR,
    clientPingTimeout: patience_ms,
    clientOptions: { slackApiUrl: fake.api },
  });

  await check("socket mode: connected once hello has come", async () => {
    const connected = next(client, "connected");
    await client.start();
    await connected;
    assert.equal((await fake.see("summary")).serving_connections, 1);
    const calls = await fake.see("calls");
    assert.deepEqual(
      calls.map(({ method, token, answer }) => [method, token, answer]),
      [
        ["apps.connections.open", "app", "ok"],
        ["link", "none", "ok"],
      ],
    );
  });

  await check("socket mode: pings are answered in both directions", async () => {
    await fake.act("settings", { ping_every_ms: 20 });
    const connected = next(client, "connected");
    await fake.act("disconnect", { reason: "refresh_requested" });
    await connected;
    const alive = async () => {
      const one = (await fake.see("connections")).at(-1);
      return one.pings > 2 && one.pongs > 2;
    };
    while (!(await alive()));
    await fake.act("settings", { ping_every_ms: 10000 });
  });

  await check("socket mode: a slash command is acknowledged with a payload, which its user sees", async () => {
    const typed = next(client, "slash_commands");
    const sent = await fake.act("command", { user: "alice", channel: "ops", command: "/inc", text: "declare 1 x" });
    const { ack, body, accepts_response_payload } = await typed;
    assert.equal(accepts_response_payload, true);
    assert.equal(body.command, "/inc");
    assert.equal(body.text, "declare 1 x");
    assert.equal(body.user_id, "U0ALICE01");
    assert.match(body.response_url, /^http:\/\/127\.0\.0\.1:\d+\/commands\//);
    await ack({ response_type: "ephemeral", text: "Declaring" });
    await fake.wait({ acked: sent.envelope_id });
    await fake.wait({ user: "alice", whisper: "Declaring" });
    const { acks } = await fake.envelope(sent.envelope_id);
    assert.equal(acks.length, 1);
    assert.deepEqual(acks[0].payload, { response_type: "ephemeral", text: "Declaring" });
  });

  await check("socket mode: an event carries its retry fields, and is acknowledged", async () => {
    const came = next(client, "message");
    const said = await fake.act("say", { user: "bob", channel: "ops", text: "hello" });
    const { ack, body, event, retry_num, retry_reason, accepts_response_payload } = await came;
    assert.equal(retry_num, 0);
    assert.equal(retry_reason, "");
    assert.equal(accepts_response_payload, false);
    assert.equal(body.type, "event_callback");
    assert.equal(event.text, "hello");
    assert.equal(event.ts, said.ts);
    assert.equal(event.channel_type, "channel");
    await ack();
    await fake.wait({ acked: said.envelopes });
  });

  await check("socket mode: what is not acknowledged comes again, with its attempt's number", async () => {
    await fake.act("settings", { ack_within_ms: 30, redeliver_after_ms: [0, 10, 10] });
    const first = next(client, "message", ({ retry_num }) => retry_num === 0);
    const third = next(client, "message", ({ retry_num }) => retry_num === 2);
    const said = await fake.act("say", { user: "bob", channel: "ops", text: "anybody?" });
    const before = await first;
    const again = await third;
    assert.equal(again.retry_reason, "timeout");
    assert.equal(again.body.event_id, before.body.event_id);
    await again.ack();
    await fake.wait({ acked: said.envelopes });
    await fake.act("settings", { ack_within_ms: 3000 });
  });

  await check("socket mode: a mention is two events with two ids", async () => {
    const plain = next(client, "message");
    const mention = next(client, "app_mention");
    const said = await fake.act("say", { user: "bob", channel: "ops", text: "<@U0COXBOT1> status" });
    const [one, two] = await Promise.all([plain, mention]);
    assert.notEqual(one.body.event_id, two.body.event_id);
    assert.equal(one.event.ts, two.event.ts);
    await Promise.all([one.ack(), two.ack()]);
    await fake.wait({ acked: said.envelopes });
    assert.equal(said.envelopes.length, 2);
  });

  await check("socket mode: frames that are no envelopes do not end the connection", async () => {
    const { connections_ever } = await fake.see("summary");
    await fake.act("text_frame", { text: "UNAUTHENTICATED: cache_error" });
    await fake.act("text_frame", { text: '{"type":' });
    await fake.act("binary_frame", { bytes: "zzz" });
    const typed = next(client, "slash_commands");
    const sent = await fake.act("command", { user: "alice", channel: "ops", text: "still here?" });
    await (await typed).ack();
    await fake.wait({ acked: sent.envelope_id });
    assert.equal((await fake.see("summary")).connections_ever, connections_ever);
  });

  for (const reason of ["refresh_requested", "warning"])
    await check(`socket mode: reconnects after disconnect (${reason})`, async () => {
      const { connections_ever } = await fake.see("summary");
      const reconnecting = next(client, "reconnecting");
      const connected = next(client, "connected");
      await fake.act("disconnect", { reason });
      await reconnecting;
      await connected;
      assert.equal((await fake.see("summary")).connections_ever, connections_ever + 1);
    });

  await check("socket mode: reconnects after too_many_websockets, which follows a successful upgrade", async () => {
    await fake.act("settings", { most_connections: 0 });
    const { connections_ever } = await fake.see("summary");
    await fake.act("disconnect", {});
    while ((await fake.see("summary")).connections_ever === connections_ever);
    assert.equal((await fake.see("calls")).at(-1).status, 101);
    const connected = next(client, "connected");
    await fake.act("settings", { most_connections: 10 });
    await connected;
  });

  await check("socket mode: reconnects after a reset and after a refused upgrade", async () => {
    await fake.act("fault", { kind: "upgrade", status: 409 });
    const connected = next(client, "connected");
    await fake.act("reset_socket");
    await connected;
    const links = (await fake.see("calls")).filter(({ method }) => method === "link");
    assert.deepEqual(
      links.slice(-2).map(({ status }) => status),
      [409, 101],
    );
  });

  await check("socket mode: an acknowledgement of 20,480 bytes is refused with 1009", async () => {
    const typed = next(client, "slash_commands");
    const connected = next(client, "connected");
    await fake.act("command", { user: "alice", channel: "ops", text: "report" });
    await (await typed).ack({ text: "x".repeat(20480) });
    await connected;
    const refused = (await fake.see("strange")).at(-1);
    assert.ok(refused.refused_frame_bytes > 20480);
  });

  await check("socket mode: goes when asked to", async () => {
    await client.disconnect();
    while ((await fake.see("summary")).open_connections > 0);
    assert.equal((await fake.see("connections")).at(-1).close_code, 1000);
  });
}
