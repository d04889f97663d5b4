// @slack/bolt: an app with a command, a button, a form and a message, as its authors mean it to be written.

import assert from "node:assert/strict";
import bolt from "@slack/bolt";
import { EventEmitter } from "node:events";
import { next } from "./fake.mjs";

const button = {
  type: "actions",
  block_id: "inc.7",
  elements: [{ type: "button", action_id: "inc.ack", value: "7", text: { type: "plain_text", text: "Ack" } }],
};
const form = {
  type: "modal",
  callback_id: "declare",
  title: { type: "plain_text", text: "Declare" },
  submit: { type: "plain_text", text: "Go" },
  blocks: [
    {
      type: "input",
      block_id: "title",
      label: { type: "plain_text", text: "Title" },
      element: { type: "plain_text_input", action_id: "value" },
    },
  ],
};

export async function bolt_works(fake, check) {
  const app = new bolt.App({
    token: "xoxb-1-fake",
    appToken: "xapp-1-A0FAKE001-1-fake",
    socketMode: true,
    logLevel: bolt.LogLevel.ERROR,
    clientOptions: { slackApiUrl: fake.api },
  });
  const seen = new EventEmitter();
  app.error(async (error) => seen.emit("error", error));

  app.command("/inc", async ({ ack, respond, command, client }) => {
    await ack();
    if (command.text === "form") await client.views.open({ trigger_id: command.trigger_id, view: form });
    else await respond({ response_type: "in_channel", text: `SEV1 by <@${command.user_id}>`, blocks: [button] });
  });
  app.action("inc.ack", async ({ ack, action, body, respond }) => {
    await ack();
    await respond({ replace_original: true, text: `acknowledged by <@${body.user.id}>` });
    seen.emit("pressed", { action, body });
  });
  app.view("declare", async ({ ack, view, body }) => {
    const title = view.state.values.title.value.value;
    if (!title) await ack({ response_action: "errors", errors: { title: "Say what is wrong." } });
    else await ack();
    seen.emit("submitted", { title, body });
  });
  app.message("ping", async ({ message, say }) => {
    await say({ text: "pong", thread_ts: message.ts });
  });

  await check("bolt: starts", async () => {
    await app.start();
    await fake.wait({ connections: 1 });
  });

  await check("bolt: a command is answered through its response_url", async () => {
    await fake.act("command", { user: "alice", channel: "ops", text: "go" });
    await fake.wait({ channel: "ops", text: "SEV1 by <@U0ALICE01>" });
  });

  await check("bolt: a pressed button reaches its handler, which replaces the message", async () => {
    const pressed = next(seen, "pressed");
    const sent = await fake.act_acked("press", { user: "bob", channel: "ops", button: "Ack" });
    const { action, body } = await pressed;
    assert.equal(action.value, "7");
    assert.equal(action.block_id, "inc.7");
    assert.equal(body.message.ts, sent.message_ts);
    assert.equal(body.container.channel_id, "C0OPS0001");
    await fake.wait({ channel: "ops", text: "acknowledged by <@U0BOB0001>" });
  });

  await check("bolt: a form opens, is refused by field, and closes", async () => {
    await fake.act("command", { user: "alice", channel: "ops", text: "form" });
    await fake.wait({ calls: 1, method: "views.open" });
    const refused = await fake.act_acked("submit", { user: "alice", callback_id: "declare" });
    const view = async () => (await fake.see("views"))[refused.view_id];
    assert.deepEqual((await view()).errors, { title: "Say what is wrong." });
    assert.equal((await view()).open, true);
    const submitted = next(seen, "submitted", ({ title }) => title !== null);
    await fake.act_acked("submit", { user: "alice", callback_id: "declare", values: { title: "db is slow" } });
    assert.equal((await submitted).title, "db is slow");
    assert.equal((await view()).open, false);
  });

  await check("bolt: answers a message in its thread, and does not hear itself", async () => {
    const said = await fake.act("say", { user: "bob", channel: "ops", text: "ping" });
    await fake.wait({ channel: "ops", text: "pong" });
    const answers = (await fake.see("channels")).C0OPS0001.messages.filter(({ text }) => text === "pong");
    assert.deepEqual(
      answers.map(({ thread_ts }) => thread_ts),
      [said.ts],
    );
  });

  await check("bolt: stops", async () => {
    await app.stop();
    while ((await fake.see("summary")).open_connections > 0);
  });
}
