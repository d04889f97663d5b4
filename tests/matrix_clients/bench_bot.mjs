// The bot that tests/bench/matrix measures coxswain beside: one command, as matrix-bot-sdk's authors show it.

import { LogLevel, LogService, MatrixClient, SimpleFsStorageProvider } from "matrix-bot-sdk";

const answer = JSON.parse(process.env.BENCH_ANSWER);

LogService.setLevel(LogLevel.ERROR);
const client = new MatrixClient(process.env.BENCH_HOMESERVER, process.env.BENCH_TOKEN,
                                new SimpleFsStorageProvider(process.env.BENCH_STORAGE));
const self = await client.getUserId();

client.on("room.message", async (room, event) => {
  if (event.sender === self || event.content?.msgtype !== "m.text" || event.content.body !== "!status") return;
  const relation = { rel_type: "m.thread", event_id: event.event_id, "m.in_reply_to": { event_id: event.event_id } };
  await client.sendMessage(room, { ...answer, "m.relates_to": relation });
});

await client.start();
console.log("listening");
