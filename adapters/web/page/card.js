// The live card: what the commander must see at a glance, and how long until the next update.

import { $, digits, h, zoneName } from "./dom.js";
import { cardOf, here, isOpen, now } from "./state.js";
import { buttonRow, chip } from "./view.js";

const card = $("card");
let expanded = false;
let ticking = 0;

const missing = (text) => h("span", { class: "none" }, text);

function roleRow({ tag, title, holder, acting, offered_to: asked }) {
  return h(
    "li",
    null,
    h("span", { class: "role", title }, tag),
    h(
      "span",
      null,
      holder?.name ?? (!asked && missing("nobody")),
      acting && h("small", null, " acting"),
      asked && h("small", { class: "asked" }, `${holder ? " · " : ""}${asked.name} asked`),
    ),
  );
}

function itemRow(item) {
  const who = item.owner ? item.owner.name : missing("no owner");
  return h(
    "li",
    null,
    h("span", { class: "id" }, item.id),
    h(
      "div",
      null,
      item.what,
      h(
        "small",
        null,
        item.state === "offered" && item.owner && "waits for ",
        who,
        " · ",
        // In line its time has not begun.
        item.state === "queued" ? "in line" : item.eta ? h("span", { "data-eta": item.eta }) : missing("no ETA"),
        item.mitigation && " · mitigation",
      ),
    ),
  );
}

const row = (term, value, none) => [h("dt", null, term), h("dd", null, value || missing(none))];

const link = (address) =>
  /^https?:\/\//i.test(address ?? "") &&
  h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address);

export function drawCard() {
  const channel = here();
  const incident = cardOf(channel);
  $("app").classList.toggle("no-card", !incident);
  card.hidden = !incident;
  if (!incident) return;
  const open = isOpen(incident);
  const focused = card.contains(document.activeElement) && document.activeElement.textContent;
  const items = incident.actions.filter((item) => !["done", "failed", "dropped"].includes(item.state));
  const message = [...channel.messages.values()].filter((m) => m.kind === "card").at(-1);
  const needBy = incident.need_by ? ` (by ${digits(incident.need_by)})` : "";
  const hypothesis = incident.hypothesis && [incident.hypothesis, h("small", null, ` ${incident.confidence}`)];
  const next = open && incident.next_update ? ` · next update ${digits(incident.next_update)}` : "";
  const toggle = h("button", {
    type: "button",
    class: "toggle",
    "aria-expanded": String(expanded),
    "aria-controls": "facts",
    "aria-label": "Incident details",
    onclick: () => {
      expanded = !expanded;
      show();
    },
  });
  const show = () => {
    card.classList.toggle("open", expanded);
    toggle.setAttribute("aria-expanded", String(expanded));
  };
  card.setAttribute("aria-label", `Incident ${incident.id}`);
  card.classList.toggle("ended", !open);
  card.replaceChildren(
    h(
      "div",
      { class: "head" },
      chip(incident),
      h("span", { class: `status ${incident.status}` }, incident.status),
      h("h2", null, incident.title),
      h("p", { id: "count", role: "timer", hidden: !open }, h("span", { class: "lead" }), h("span", { class: "left" })),
      toggle,
    ),
    h("div", { class: "bar", hidden: !open || !incident.next_update }, h("span", { id: "bar" })),
    h(
      "div",
      { id: "facts" },
      h("ul", { class: "roles", "aria-label": "Roles" }, incident.roles.map(roleRow)),
      h(
        "dl",
        null,
        row("Impact", incident.impact, "not stated"),
        row("Hypothesis", hypothesis, "none yet"),
        row("Decision needed", incident.need && incident.need + needBy, "none"),
        link(incident.call) && row("Call", link(incident.call)),
      ),
      h("h3", null, "Actions in progress"),
      items.length ? h("ul", { class: "items" }, items.map(itemRow)) : h("p", { class: "none" }, "none"),
      message?.more && h("dl", null, message.more.map(({ name, text }) => row(name, text))),
      h(
        "p",
        { class: "since" },
        h("span", { class: "narrow" }, `${incident.status} · `),
        `${incident.id} · opened ${digits(incident.opened_at)}${next} ${zoneName()}`,
      ),
      message && open && buttonRow(channel, message),
    ),
  );
  show();
  if (focused === false) return tick();
  const again = [...card.querySelectorAll("button")].find((button) => button.textContent === focused);
  (again ?? toggle).focus();
  tick();
}

// "4:32", "1 h 05"
const span = (ms) => {
  const seconds = Math.floor(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  const two = (n) => String(n).padStart(2, "0");
  return minutes < 60 ? `${minutes}:${two(seconds % 60)}` : `${Math.floor(minutes / 60)} h ${two(minutes % 60)}`;
};

// What changes with the time alone: the countdown, and which ETA has passed.
export function tick() {
  clearTimeout(ticking);
  const channel = here();
  const incident = cardOf(channel);
  const count = $("count");
  if (!incident || !count) return;
  for (const eta of card.querySelectorAll("[data-eta]")) {
    const late = Date.parse(eta.dataset.eta) < now(channel);
    eta.className = late ? "late" : "";
    eta.textContent = `${late ? "was due" : "ETA"} ${digits(eta.dataset.eta)}`;
  }
  if (!isOpen(incident)) return;
  const due = Date.parse(incident.next_update ?? "");
  const left = due - now(channel);
  const whole = Math.max(1000, due - Date.parse(incident.last_update));
  const mood = left < 0 ? "overdue" : left <= whole / 5 ? "soon" : "";
  const [lead, text] = Number.isNaN(due)
    ? ["", "updates as needed"]
    : left < 0
      ? ["Update overdue by ", `+${span(-left)}`]
      : ["Next update in ", span(left + 999)];
  count.className = mood;
  count.querySelector(".lead").textContent = lead;
  count.querySelector(".left").textContent = text;
  $("bar").className = mood;
  $("bar").style.width = `${Math.max(0, Math.min(100, (100 * left) / whole))}%`;
  const { rate } = channel.clock;
  const toSecond = 1000 - (now(channel) % 1000) + 5;
  if (rate > 0 && document.visibilityState === "visible") ticking = setTimeout(tick, rate > 1 ? 250 : toSecond);
}

document.addEventListener("visibilitychange", tick);
card.addEventListener("click", (event) => {
  // On a phone the whole head opens and closes the card.
  if (event.target.closest(".head") && !event.target.closest("button")) card.querySelector(".toggle").click();
});
