// The text of a message, and what can be pressed in it: commands, channels, addresses.

import { h } from "./dom.js";
import { emit, state } from "./state.js";

// Puts a command into the input, ready to send.
export function command(text, label) {
  return h(
    "button",
    { type: "button", class: "code", title: "Put this into the message box", onclick: () => emit("type", text) },
    label ?? h("code", null, text),
  );
}

const links = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|(^|[\s(])#([\w-]+)|(^|[\s(])@([\w.-]*\w)/gu;

// Addresses, names of channels and mentions in plain text become what they mean.
function linkify(node) {
  const walker = document.createTreeWalker(node, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode())
    if (!walker.currentNode.parentElement.closest("code, .mention, time")) texts.push(walker.currentNode);
  for (const text of texts) {
    const parts = [];
    let from = 0;
    for (const match of text.data.matchAll(links)) {
      const [all, address, , channelName, , person] = match;
      const channel = channelName && [...state.channels.values()].find((c) => c.name === channelName);
      const made = address
        ? h("a", { href: address, target: "_blank", rel: "noreferrer" }, address)
        : channel
          ? h("a", { href: `#/${encodeURIComponent(channel.id)}` }, `#${channelName}`)
          : person
            ? h("span", { class: "mention", "data-user": person.toLowerCase() }, `@${person}`)
            : null;
      if (!made) continue;
      const lead = all.length - made.textContent.length;
      parts.push(text.data.slice(from, match.index + lead), made);
      from = match.index + all.length;
    }
    if (parts.length) text.replaceWith(...parts, text.data.slice(from));
  }
}

// A line's label ("Impact:") and the first line of an update stand out; the text stays as it is.
function emphasise(node) {
  let first = !!node.querySelector("br");
  for (const child of [...node.childNodes]) {
    const starts = !child.previousSibling || child.previousSibling.nodeName === "BR";
    if (child.nodeName === "BR") {
      first = false;
      continue;
    }
    if (first) {
      const strong = h("strong");
      child.replaceWith(strong);
      strong.append(child);
      continue;
    }
    const label = starts && child.nodeType === Node.TEXT_NODE && /^[A-Z][\w ]{1,30}:(?=\s|$)/.exec(child.data);
    if (label) {
      child.data = child.data.slice(label[0].length);
      child.before(h("b", null, label[0]));
    }
  }
}

// Messages that a stakeholder reads.
export const posts = {
  alert: "Alert",
  update: "Status update",
  stabilisation: "Stabilised",
  resolution: "Resolved",
  escalation: "Escalation",
  card: "Incident",
};

export function body(message) {
  const text = h("div", { class: "text" });
  const fromBot = message.author === "coxswain" || !message.author;
  if (fromBot && message.html !== undefined) {
    text.innerHTML = message.html;
    for (const code of text.querySelectorAll("code")) {
      const typed = code.textContent;
      const button = command(/^[/!]/.test(typed) ? typed : `/${typed}`, code.cloneNode(true));
      code.replaceWith(button);
    }
    if (posts[message.kind]) emphasise(text);
  } else {
    text.textContent = message.text;
    if (/^[/!]\w/.test(message.text)) text.classList.add("command");
  }
  linkify(text);
  for (const mention of text.querySelectorAll(".mention"))
    if (mention.dataset.user === state.me) mention.classList.add("me");
  return text;
}
