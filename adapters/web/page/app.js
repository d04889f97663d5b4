// Start-up: what comes from the server goes into the state, what changed is drawn.

import { $, keep, recall, setZone } from "./dom.js";
import { api, ApiError, connect, onUnauthorised } from "./api.js";
import { cardOf, here, isOpen, on, setClock, state, takeChannel, takeIncident, takeMessage } from "./state.js";
import { drawChannels, drawClock, drawLog, drawMessage, drawTop, sortedChannels } from "./view.js";
import { drawCard, tick } from "./card.js";
import { idle, switchChannel } from "./composer.js";
import { closeSpeakers, drawSpeaker } from "./speaker.js";

const quietly = (promise) =>
  promise.catch((error) => {
    if (!(error instanceof ApiError)) throw error;
  });

// ---- channels

function drawAll() {
  drawChannels();
  drawTop();
  drawLog(true);
  drawCard();
  drawClock();
}

async function load(channel) {
  const row = await api.channel(channel.id);
  takeChannel(row);
  for (const message of row.messages) takeMessage(channel, message);
  channel.loaded = true;
  if (channel.incident && !state.incidents.has(channel.incident)) takeIncident(await api.incident(channel.incident));
}

function open(id) {
  const channel = state.channels.get(id);
  if (!channel || id === state.current) return;
  switchChannel(state.current, id);
  state.current = id;
  channel.unread = false;
  keep("channel", id);
  const hash = `#/${encodeURIComponent(id)}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  drawChannels();
  drawTop();
  drawLog();
  drawCard();
  drawClock();
  if (!channel.loaded)
    quietly(
      load(channel).then(() => {
        if (state.current === id) drawAll();
      }),
    );
}

const wanted = () => {
  try {
    return decodeURIComponent(location.hash.slice(2));
  } catch {
    return "";
  }
};
addEventListener("hashchange", () => {
  open(wanted());
  nav(false);
});

// Everything anew: at the start and after the connection was lost.
async function refresh() {
  const [channels, people, commands, incidents] = await Promise.all([
    api.channels(),
    api.people(),
    api.commands(),
    api.incidents(),
  ]);
  state.commands = commands;
  for (const { id, name } of people) state.people.set(id, name);
  for (const row of channels) takeChannel(row);
  for (const channel of state.channels.values()) channel.loaded = false;
  for (const incident of [...incidents].reverse())
    if (isOpen(incident) || state.incidents.has(incident.id)) takeIncident(incident);
  await clock();
  if (!state.current) {
    // Where something is going on, that is what a newcomer came for.
    const busy = channels.find((row) => row.incident)?.id;
    const first = [wanted(), recall("channel"), busy, "ops", channels[0]?.id].find((id) => state.channels.has(id));
    if (first) open(first);
  } else {
    await load(here());
    drawAll();
  }
  drawSpeaker();
}

// ---- the clock

async function clock() {
  const { now, rate, manual, zone } = await api.clock();
  if (setZone(zone) && here()) drawAll();
  // A manual clock stands for all channels alike; a drill's channel runs on its own.
  if (manual) for (const channel of state.channels.values()) setClock(channel, now, rate);
  else if (here() && here().clock.rate !== rate) for (const row of await api.channels()) takeChannel(row);
  drawClock();
  tick();
}

let asked = 0;
function clockSoon() {
  if (asked) return;
  asked = setTimeout(() => {
    asked = 0;
    quietly(clock());
  }, 150);
}
let seconds = 0;
setInterval(() => {
  if (document.visibilityState !== "visible") return;
  drawClock();
  if (++seconds % 15 === 0 && here()?.clock.rate > 1) clockSoon(); // a drill ends some time
}, 1000);

// ---- what the server pushes

let declaring = 0;
on("sending", (text) => {
  if (/^[/!](?:inc(?:ident)?\s+)?(?:declare|open|new)\b/i.test(text)) declaring = Date.now();
});

const pushes = {
  message({ channel: id, message }) {
    const channel = state.channels.get(id);
    if (!channel || !takeMessage(channel, message)) return;
    const mine = message.author === state.me;
    if (message.kind !== "card" || !cardOf(channel)) drawMessage(channel, message, mine);
    else if (id === state.current) drawCard(); // its live form follows as an incident
    const foreign = message.private_to && message.private_to !== state.me;
    if (id !== state.current && !mine && !foreign && message.kind !== "card" && !message.edited_at) {
      channel.unread = true;
      drawChannels();
    }
  },
  topic({ channel: id, topic }) {
    const channel = state.channels.get(id);
    if (!channel) return;
    channel.topic = topic;
    if (id === state.current) drawTop();
  },
  channel({ channel: row }) {
    const fresh = takeChannel(row);
    drawChannels();
    drawClock();
    if (fresh) drawLog(true); // its name may stand in what is shown
    if (row.id === state.current) {
      drawTop();
      drawCard();
    }
  },
  incident({ incident }) {
    const { id: shown, severity } = cardOf(here()) ?? {};
    const fresh = !state.incidents.get(incident.id)?.channel; // told of before, perhaps, but not where
    const channel = takeIncident(incident);
    drawChannels();
    // Whoever has just declared is taken to the channel that was made for it.
    if (fresh && channel && incident.declared_by.id === state.me && Date.now() - declaring < 10000 && idle()) {
      declaring = 0;
      open(channel.id);
      $("said").textContent = `Now in #${channel.name}`;
    }
    const left = shown === incident.id && !cardOf(here());
    if (!left && channel?.id !== state.current) return;
    drawCard();
    if (left || severity !== incident.severity) drawLog(true);
  },
  person({ id, name }) {
    state.people.set(id, name);
  },
};

quietly(refresh());
connect({
  opened(again) {
    // Asked anew once the pushes have begun, so that nothing falls between the two.
    quietly(refresh());
    return { type: "subscribe", channel: "*", ...(again && state.newest && { after: state.newest }) };
  },
  frame(value) {
    pushes[value.type]?.(value);
    if (["message", "topic", "incident"].includes(value.type)) clockSoon();
  },
  state(now) {
    $("link").textContent = now === "live" ? "" : "Reconnecting…";
  },
});

// ---- who speaks, keys, the list on a phone

on("me", () => {
  drawLog(true);
  drawCard();
});

// With a mouse and a keyboard the next thing is to type; on a phone this would raise the keyboard.
function typeNext() {
  if (matchMedia("(hover: hover)").matches) $("input").focus();
}

function nav(shown) {
  $("app").classList.toggle("nav-open", shown);
  $("veil").hidden = !shown;
  for (const behind of ["card", "room", "composer"]) $(behind).inert = shown;
  $("menu").setAttribute("aria-expanded", String(shown));
  if (shown) $("channels").querySelector("[aria-current]")?.focus();
}
$("menu").addEventListener("click", () => nav($("menu").getAttribute("aria-expanded") !== "true"));
$("veil").addEventListener("click", () => nav(false));
$("channels").addEventListener("click", (event) => {
  if (!event.target.closest("a")) return;
  nav(false);
  if (event.detail) typeNext();
});
$("skip").addEventListener("click", (event) => {
  event.preventDefault();
  $("input").focus();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, textarea, dialog");
  if (event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
    event.preventDefault();
    const ids = sortedChannels().map((channel) => channel.id);
    const to = ids.indexOf(state.current) + (event.key === "ArrowUp" ? -1 : 1);
    if (ids[to] !== undefined) open(ids[to]);
  } else if (event.key === "Escape") {
    if (!closeSpeakers(true) && $("menu").getAttribute("aria-expanded") === "true") {
      nav(false);
      $("menu").focus();
    }
  } else if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey) {
    $("input").focus(); // the stroke itself is typed there
  }
});

// ---- the token, where the bot asks for one

onUnauthorised(() => {
  if (!$("login").open) $("login").showModal();
});
$("login")
  .querySelector("form")
  .addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      await api.login($("token").value);
      location.reload();
    } catch (error) {
      $("login-trouble").textContent = `${error.message} ${error.hint ?? ""}`;
    }
  });

drawSpeaker();
typeNext();
