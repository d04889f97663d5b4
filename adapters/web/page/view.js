// The channel list, the topic bar and the messages.

import { $, digits, h, key, zoneName } from "./dom.js";
import { api, ApiError } from "./api.js";
import { cardOf, here, isOpen, nameOf, now, order, state, visible } from "./state.js";
import { body, command, posts } from "./text.js";

// 1 to 4 for the colour; 0 when the policy counts otherwise.
export const level = (severity) => Math.min(4, Number(/\d/.exec(severity ?? "")?.[0] ?? 0));
export const chip = ({ severity }) => h("span", { class: `chip sev${level(severity)}` }, severity);

export function face(id) {
  if (id === "coxswain") return h("img", { class: "face", src: "/icon.svg", alt: "", width: 30, height: 30 });
  let hue = 0;
  for (const letter of id) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  const circle = h("span", { class: "face", "aria-hidden": "true" }, [...nameOf(id)][0] ?? "");
  circle.style.setProperty("--hue", hue);
  return circle;
}

// #ops and other ordinary channels first, then those with an open incident, then the rest.
export function sortedChannels() {
  const rank = (c) => (c.id === "ops" ? -1 : c.incident ? 1 : c.name.startsWith("inc-") ? 2 : 0);
  return [...state.channels.values()].sort((a, b) => rank(a) - rank(b));
}

export function drawChannels() {
  const rows = sortedChannels().map((channel) => {
    const incident = state.incidents.get(channel.incident);
    const open = isOpen(incident);
    const unread = channel.unread && channel.id !== state.current;
    return h(
      "li",
      null,
      h(
        "a",
        {
          href: `#/${encodeURIComponent(channel.id)}`,
          title: `#${channel.name}`,
          "aria-current": channel.id === state.current && "page",
          class: unread ? "unread" : null,
        },
        h("span", { class: "hash", "aria-hidden": "true" }, "#"),
        h("span", { class: "label" }, channel.name),
        unread && h("span", { class: "dot" }, h("span", { class: "unseen" }, "unread")),
        open && chip(incident),
      ),
    );
  });
  $("channels").replaceChildren(...rows);
  $("menu-dot").hidden = ![...state.channels.values()].some((c) => c.unread && c.id !== state.current);
}

export function drawTop() {
  const channel = here();
  if (!channel) return;
  $("name").textContent = `#${channel.name}`;
  if ($("topic").textContent !== channel.topic) $("topic").textContent = $("topic").title = channel.topic;
  document.title = `#${channel.name} · Coxswain`;
}

export function drawClock() {
  const channel = here();
  if (!channel) return;
  const { rate } = channel.clock;
  const pace = rate === 1 ? "" : rate === 0 ? " · stopped" : ` · ${rate}×`;
  const text = `${digits(now(channel))} ${zoneName()}${pace}`;
  if ($("clock").textContent !== text) $("clock").textContent = text;
}

export function buttonRow(channel, message) {
  if (!message.buttons?.length) return null;
  const row = h("div", { class: "buttons" });
  const said = h("p", { class: "trouble", role: "alert", hidden: true });
  for (const { id, label } of message.buttons) {
    const button = h("button", { type: "button", title: `/${id}` }, label);
    let tried = null; // what was tried and failed goes out again under its own key
    button.addEventListener("click", async () => {
      if (button.getAttribute("aria-busy")) return;
      if (tried?.user !== state.me) tried = { user: state.me, message: message.id, button: id, key: key() };
      button.setAttribute("aria-busy", "true");
      said.hidden = true;
      try {
        await api.press(channel.id, tried);
        tried = null;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        said.textContent = `${error.message} ${error.hint}`;
        said.hidden = false;
      }
      button.removeAttribute("aria-busy");
    });
    row.append(button);
  }
  return [row, said];
}

const grouped = (before, message) =>
  before &&
  before.author === message.author &&
  !posts[before.kind] &&
  !posts[message.kind] &&
  !before.private_to === !message.private_to &&
  Date.parse(message.at) - Date.parse(before.at) < 300000;

function draw(channel, message, before) {
  const author = message.author || "coxswain";
  const kind = message.private_to ? (message.kind === "page" ? "page" : "private") : (message.kind ?? "say");
  const follows = grouped(before, message);
  const time = h("time", { datetime: message.at, title: new Date(message.at).toLocaleString() }, digits(message.at));
  const label = message.private_to
    ? kind === "page"
      ? "You are paged · only you see this"
      : "Only you see this"
    : posts[kind];
  const article = h(
    "article",
    {
      class: `msg ${kind}${posts[kind] ? " post" : ""}${follows ? " follows" : ""}`,
      id: message.id && `m-${message.id}`,
    },
    h("div", { class: "gutter" }, follows ? time : face(author)),
    h(
      "div",
      { class: "content" },
      !follows &&
        h(
          "p",
          { class: "by" },
          h("b", null, message.name ?? (author === "coxswain" ? "Coxswain" : nameOf(author))),
          " ",
          time,
          label && h("span", { class: "tag" }, label),
        ),
      follows && h("span", { class: "unseen" }, message.name ?? nameOf(author)),
      body(message),
      message.edited_at && h("small", { class: "edited" }, `edited ${digits(message.edited_at)}`),
      buttonRow(channel, message),
    ),
  );
  if (posts[kind]) {
    const incident = cardOf(channel);
    if (incident) article.classList.add(`sev${level(incident.severity)}`);
  }
  return article;
}

function drawPending(pending, before) {
  const article = draw(
    here(),
    { author: pending.user, text: pending.text, at: new Date(now(here())).toISOString(), kind: "say" },
    before,
  );
  article.classList.add("pending");
  return article;
}

const log = $("log");
let atBottom = true;
export const toBottom = () => {
  log.scrollTop = log.scrollHeight;
};
const extent = () => `${log.clientWidth} ${log.clientHeight}`;
let size = "";
log.addEventListener(
  "scroll",
  () => {
    if (size !== extent()) return; // the room changed its size, the reader did not move
    atBottom = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
    if (atBottom) $("newer").hidden = true;
  },
  { passive: true },
);
new ResizeObserver(() => {
  size = extent();
  if (atBottom) toBottom();
}).observe(log);
$("newer").addEventListener("click", () => {
  toBottom();
  $("newer").hidden = true;
});

function empty(channel) {
  return channel.loaded
    ? h(
        "p",
        { class: "empty" },
        `All quiet in #${channel.name}. Something broken? Type `,
        command("/declare 1 checkout errors impact ~38% of payments fail"),
      )
    : h("p", { class: "empty" }, "Loading…");
}

// The whole channel anew. `stay` keeps the place where the reader is.
export function drawLog(stay = false) {
  const channel = here();
  if (!channel) return;
  const top = log.scrollTop;
  const down = atBottom || !stay;
  log.setAttribute("aria-busy", "true");
  const shown = [...channel.messages.values()]
    .filter((m) => visible(channel, m))
    .sort((a, b) => order(a.id) - order(b.id));
  let before = null;
  const drawn = shown.map((m) => {
    const a = draw(channel, m, before);
    before = m;
    return a;
  });
  for (const p of channel.pending) {
    drawn.push(drawPending(p, before));
    before = { author: p.user, at: new Date(now(channel)).toISOString() };
  }
  log.replaceChildren(...(drawn.length ? drawn : [empty(channel)]));
  if (down) {
    toBottom();
    atBottom = true;
    $("newer").hidden = true;
  } else log.scrollTop = top;
  log.removeAttribute("aria-busy");
  log.last = shown.at(-1) ?? null;
  log.channel = channel.id;
}

// One message that is new or changed; the rest stays untouched, so that a screen reader reads only this.
export function drawMessage(channel, message, mine) {
  if (channel.id !== state.current) return;
  const follow = atBottom || mine;
  const old = document.getElementById(`m-${message.id}`);
  const shown = visible(channel, message);
  const newest = log.channel === channel.id && (!log.last || order(message.id) > order(log.last.id));
  if (old || !newest || !log.last) {
    if (!old && !shown) return;
    if (old && shown) {
      const after = draw(channel, message, null);
      if (old.classList.contains("follows")) {
        drawLog(true);
        return;
      }
      const focus = old.contains(document.activeElement);
      old.replaceWith(after);
      if (focus) (after.querySelector(".buttons button") ?? log).focus();
    } else drawLog(true);
  } else {
    if (!shown) return;
    for (const old of log.querySelectorAll(".pending")) old.remove();
    log.append(draw(channel, message, log.last));
    log.last = message;
    drawPendings(channel);
  }
  if (follow) toBottom();
  else if (shown && !old) $("newer").hidden = false;
}

export function drawPendings(channel) {
  if (channel.id !== state.current) return;
  for (const old of log.querySelectorAll(".pending")) old.remove();
  if (channel.pending.length) log.querySelector(".empty")?.remove();
  let before = log.last;
  for (const p of channel.pending) {
    log.append(drawPending(p, before));
    before = { author: p.user, at: new Date(now(channel)).toISOString() };
  }
  if (!log.childElementCount) drawLog();
}
