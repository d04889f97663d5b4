// The message box: completion of commands and people, and sending.

import { $, h, key } from "./dom.js";
import { api, ApiError } from "./api.js";
import { emit, here, on, order, state } from "./state.js";
import { drawPendings, toBottom } from "./view.js";

const input = $("input");
const list = $("options");
const drafts = new Map(); // channel -> what was being typed
const failed = new Map(); // what could not be sent -> its key: sent again, it is the same message
const sent = new Map(); // channel -> what was said last
let options = []; // {label, does, from, to, put}
let active = -1;

// ---- completion

const commandStart = /^(\s*[/!](?:inc(?:ident)?\s+)?)([\p{L}-]*)$/iu;
const personStart = /(?:^|[\s(])@([\w.-]*)$/u;
const begins = (word, part) => word.toLowerCase().startsWith(part);

function complete() {
  const caret = input.selectionStart;
  const before = input.value.slice(0, caret);
  const command = caret === input.selectionEnd && commandStart.exec(before);
  if (command) {
    const part = command[2].toLowerCase();
    const rank = (c) => (begins(c.verb, part) ? 0 : c.aliases.some((a) => begins(a, part)) ? 1 : 2);
    return state.commands
      .filter((c) => c.built !== false && rank(c) < 2)
      .sort((a, b) => rank(a) - rank(b))
      .map((c) => ({
        name: c.verb,
        rest: c.usage.startsWith(c.verb) ? c.usage.slice(c.verb.length) : "",
        does: c.does,
        exact: c.verb === part || c.aliases.includes(part),
        from: command[1].length,
        to: caret,
        put: `${c.verb} `,
      }));
  }
  const person = personStart.exec(before);
  if (!person) return [];
  const part = person[1].toLowerCase();
  return [...state.people]
    .filter(([id, name]) => id !== "coxswain" && (begins(id, part) || begins(name, part)))
    .slice(0, 8)
    .map(([id, name]) => ({
      name: `@${id}`,
      rest: "",
      does: id === name.toLowerCase() ? "" : name,
      exact: id === part,
      from: caret - part.length,
      to: caret,
      put: `${id} `,
    }));
}

function mark(index) {
  active = index;
  for (const [i, option] of [...list.children].entries()) {
    option.setAttribute("aria-selected", String(i === index));
    if (i === index) option.scrollIntoView({ block: "nearest" });
  }
  if (index >= 0) input.setAttribute("aria-activedescendant", `option-${index}`);
  else input.removeAttribute("aria-activedescendant");
}

function close() {
  options = [];
  list.hidden = true;
  list.replaceChildren();
  input.setAttribute("aria-expanded", "false");
  mark(-1);
  hint();
}

function suggest() {
  options = complete();
  if (!options.length) return close();
  list.replaceChildren(
    ...options.map((option, i) => {
      const line = h(
        "li",
        { role: "option", id: `option-${i}`, "aria-selected": "false" },
        h("span", { class: "usage" }, h("b", null, option.name), option.rest),
        h("span", { class: "does" }, option.does),
      );
      line.addEventListener("pointerdown", (event) => event.preventDefault());
      line.addEventListener("click", () => choose(i));
      return line;
    }),
  );
  list.hidden = false;
  input.setAttribute("aria-expanded", "true");
  mark(0);
  hint();
}

function choose(index) {
  const { from, to, put } = options[index];
  const after = input.value.slice(to).replace(/^ /, "");
  input.value = input.value.slice(0, from) + put + after;
  input.setSelectionRange(from + put.length, from + put.length);
  close();
  fit();
  input.focus();
}

// The usage of the command whose arguments are being typed.
function hint() {
  const word = /^\s*[/!](?:inc(?:ident)?\s+)?([\p{L}-]+)/iu.exec(input.value)?.[1].toLowerCase();
  const row = list.hidden && word && state.commands.find((c) => c.verb === word || c.aliases.includes(word));
  $("hint").hidden = !row;
  if (row)
    $("hint").replaceChildren(h("span", { class: "usage" }, row.usage), " ", h("span", { class: "does" }, row.does));
}

function fit() {
  input.style.height = "auto";
  input.style.height = `${input.scrollHeight + 2}px`;
}

// ---- sending

function trouble(...parts) {
  $("trouble").replaceChildren(...parts);
  $("trouble").hidden = !parts.length;
}

function restore(channel, text) {
  if (channel.id !== state.current) {
    if (!drafts.get(channel.id)) drafts.set(channel.id, text);
    return null;
  }
  if (!input.value) {
    type(text, false);
    return null;
  }
  return h(
    "button",
    { type: "button", class: "code", title: "Put this into the message box", onclick: () => type(text) },
    text,
  );
}

async function send() {
  const channel = here();
  const text = input.value.trim();
  if (!channel || !text) return;
  const same = JSON.stringify([channel.id, state.me, text]);
  const pending = { user: state.me, text, key: failed.get(same) ?? key() };
  channel.pending.push(pending);
  sent.set(channel.id, text);
  input.value = "";
  trouble();
  close();
  fit();
  drawPendings(channel);
  toBottom();
  emit("sending", text);
  try {
    const { id } = await api.say(channel.id, { user: pending.user, text, key: pending.key });
    failed.delete(same);
    pending.id = id;
    if (channel.messages.has(order(id))) channel.pending = channel.pending.filter((p) => p !== pending);
  } catch (error) {
    if (!channel.pending.includes(pending)) return; // only the answer was lost: it has arrived
    channel.pending = channel.pending.filter((p) => p !== pending);
    if (!(error instanceof ApiError)) throw error;
    failed.set(same, pending.key);
    trouble(`Not sent: ${error.message} ${error.hint} `, restore(channel, text) ?? "");
  } finally {
    drawPendings(channel);
  }
}

// Puts text into the box; the first "…" is selected, ready to be typed over.
export function type(text, focus = true) {
  input.value = text;
  close();
  fit();
  if (!focus) return;
  input.focus();
  const gap = text.indexOf("…");
  input.setSelectionRange(gap < 0 ? text.length : gap, gap < 0 ? text.length : gap + 1);
}

input.addEventListener("input", () => {
  trouble();
  suggest();
  fit();
});
input.addEventListener("blur", close);
input.addEventListener("keydown", (event) => {
  if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return;
  const take = () => event.preventDefault();
  if (options.length) {
    const last = options.length - 1;
    if (event.key === "ArrowDown") {
      take();
      return mark(active >= last ? 0 : active + 1);
    }
    if (event.key === "ArrowUp") {
      take();
      return mark(active <= 0 ? last : active - 1);
    }
    if (event.key === "Escape") {
      take();
      return close();
    }
    if (event.key === "Tab" && !event.shiftKey) {
      take();
      return choose(active);
    }
    // What is already typed in full is sent, not completed.
    if (event.key === "Enter" && !event.shiftKey && !options[active].exact) {
      take();
      return choose(active);
    }
  }
  if (event.key === "Enter" && !event.shiftKey) {
    take();
    send();
  }
  if (event.key === "ArrowUp" && !input.value && sent.has(state.current)) {
    take();
    type(sent.get(state.current));
  }
});
$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  send();
  input.focus();
});

export function switchChannel(from, to) {
  if (from) drafts.set(from, input.value);
  type(drafts.get(to) ?? "", false);
  trouble();
}
export const idle = () => !input.value;

on("type", (text) => type(text));
