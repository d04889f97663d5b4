// The bot that tests/bench/slack measures coxswain beside: one command, as Bolt's authors show it.

import bolt from "@slack/bolt";

const answer = JSON.parse(process.env.BENCH_ANSWER);

const app = new bolt.App({
  token: "xoxb-1-fake",
  appToken: "xapp-1-A0FAKE001-1-fake",
  socketMode: true,
  logLevel: bolt.LogLevel.ERROR,
  clientOptions: { slackApiUrl: process.env.BENCH_API },
});

app.command("/inc", async ({ ack, respond, command, client }) => {
  await ack();
  if (command.text === "status") await respond({ response_type: "ephemeral", replace_original: false, ...answer });
  else await client.chat.postMessage({ channel: command.channel_id, text: command.text });
});

await app.start();
