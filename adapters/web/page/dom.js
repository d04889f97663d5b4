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

export const digits = (time) => {
  const at = new Date(time);
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
