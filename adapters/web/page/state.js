// What the page knows: channels, messages, people, incidents, and each channel's clock. Views listen; nobody else stores.

import { keep, recall } from "./dom.js";

const bus = new EventTarget();
export const on = (name, does) => bus.addEventListener(name, (event) => does(event.detail));
export const emit = (name, detail) => bus.dispatchEvent(new CustomEvent(name, { detail }));

export const state = {
  me: recall("me") || "robin",
  current: null, // channel id
  channels: new Map(), // id -> channel
  people: new Map(), // id -> name
  incidents: new Map(),
  commands: [],
  newest: null, // the newest message seen anywhere
};

export const order = (id) => Number(String(id).replace(/\D/g, ""));
export const nameOf = (id) => state.people.get(id) ?? id.charAt(0).toUpperCase() + id.slice(1);
export const here = () => state.channels.get(state.current);

export function become(id) {
  state.me = id;
  keep("me", id);
  if (!state.people.has(id)) state.people.set(id, nameOf(id));
  emit("me");
}

// A channel's own time, in milliseconds.
export const now = (channel) => channel.clock.now + channel.clock.rate * (performance.now() - channel.clock.read);

export function setClock(channel, time, rate) {
  const at = Date.parse(time);
  if (!Number.isNaN(at)) channel.clock = { now: at, rate: rate ?? 1, read: performance.now() };
}

export function takeChannel(row) {
  let channel = state.channels.get(row.id);
  const fresh = !channel;
  if (fresh) {
    channel = {
      id: row.id,
      messages: new Map(),
      pending: [],
      loaded: false,
      unread: false,
      clock: { now: Date.now(), rate: 1, read: performance.now() },
    };
    state.channels.set(row.id, channel);
  }
  channel.name = row.name ?? row.id;
  channel.topic = row.topic ?? "";
  channel.incident = row.incident ?? null;
  setClock(channel, row.now, row.rate);
  return fresh;
}

// True when the page did not know it in this form.
export function takeMessage(channel, message) {
  const number = order(message.id);
  const known = channel.messages.get(number);
  if (known && (known.edited_at ?? "") >= (message.edited_at ?? "")) return false;
  channel.messages.set(number, message);
  if (message.author && message.author !== "coxswain")
    state.people.set(message.author, message.name ?? nameOf(message.author));
  if (number > order(state.newest ?? 0)) state.newest = message.id;
  // The clock never runs behind what was said.
  const at = Date.parse(message.edited_at ?? message.at);
  if (at > now(channel)) channel.clock = { ...channel.clock, now: at, read: performance.now() };
  // What is still on its way as pending has arrived.
  const waiting = channel.pending.findIndex(
    (p) => p.id === message.id || (!p.id && p.user === message.author && p.text === message.text),
  );
  if (!known && waiting >= 0) channel.pending.splice(waiting, 1);
  return true;
}

export const isOpen = (incident) => !!incident && ["investigating", "contained"].includes(incident.status);

export function takeIncident(incident) {
  state.incidents.set(incident.id, incident);
  const channel = state.channels.get(incident.channel);
  if (!channel) return null;
  if (isOpen(incident)) channel.incident = incident.id;
  else if (channel.incident === incident.id) channel.incident = null;
  channel.card = incident.id;
  return channel;
}

// The incident whose live card belongs beside the channel: the open one, or the one that has just ended. Not one that
// has moved to another channel.
export function cardOf(channel) {
  const incident = state.incidents.get(channel?.incident ?? channel?.card);
  return incident && (incident.channel ?? channel.id) === channel.id ? incident : null;
}

export function visible(channel, message) {
  if (message.private_to && message.private_to !== state.me) return false;
  return !(message.kind === "card" && cardOf(channel));
}
