// Small helpers for building elements and reading times.

export const $ = (id) => document.getElementById(id);

// h("p", {class: "x", onclick: f}, "text", node): null and false leave an attribute or a child out.
export function h(tag, props, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(props ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

// The zone in which the bot shows its times; the page shows them alike.
let zone = { name: "UTC", ahead_s: 0 };
export const zoneName = () => zone.name;
// True when it is another one than before.
export function setZone(given) {
  const other = !!given && (given.name !== zone.name || given.ahead_s !== zone.ahead_s);
  if (other) zone = given;
  return other;
}

export const digits = (time) => {
  const at = new Date(new Date(time).getTime() + zone.ahead_s * 1000);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString().slice(11, 16);
};

export const key = () =>
  crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint32Array(4)), (n) => n.toString(16)).join("-");

// Storage may be switched off; the page then forgets.
export function recall(name) {
  try {
    return localStorage.getItem(`coxswain.${name}`);
  } catch {
    return null;
  }
}
export function keep(name, value) {
  try {
    localStorage.setItem(`coxswain.${name}`, value);
  } catch {
    /* forgets */
  }
}
