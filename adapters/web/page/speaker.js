// Who speaks: anybody may be anybody here, and a new name makes a new person.

import { $, h } from "./dom.js";
import { become, nameOf, on, state } from "./state.js";
import { face } from "./view.js";

const speaker = $("speaker");
const box = $("speakers");

export function drawSpeaker() {
  const name = nameOf(state.me);
  speaker.replaceChildren(face(state.me), h("span", { class: "who" }, h("small", null, "as "), name));
  speaker.setAttribute("aria-label", `Speaking as ${name}. Change`);
  speaker.title = `Speaking as ${name}`;
}

export function closeSpeakers(focus) {
  if (box.hidden) return false;
  box.hidden = true;
  speaker.setAttribute("aria-expanded", "false");
  if (focus) speaker.focus();
  return true;
}

function speak(id) {
  become(id);
  closeSpeakers();
  $("input").focus();
}

function openSpeakers() {
  const people = new Map([...state.people, [state.me, nameOf(state.me)]]);
  people.delete("coxswain");
  const field = h("input", {
    id: "new-name",
    type: "text",
    maxlength: 32,
    placeholder: "another name",
    autocapitalize: "off",
    spellcheck: "false",
  });
  const said = h("p", { class: "trouble", role: "alert", hidden: true });
  const take = () => {
    const id = field.value.trim().toLowerCase();
    if (id === "coxswain" || !/^[a-z0-9][a-z0-9._-]{0,31}$/.test(id)) {
      said.textContent =
        id === "coxswain"
          ? "Coxswain speaks for itself; take another name."
          : "A name has 1 to 32 letters a-z, digits, dots or dashes.";
      said.hidden = false;
      field.focus();
    } else speak(id);
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") {
      event.preventDefault();
      take();
    }
  });
  box.replaceChildren(
    h("p", { class: "title" }, "Speak as"),
    h(
      "div",
      { class: "people" },
      [...people].map(([id, name]) =>
        h(
          "button",
          { type: "button", "aria-pressed": String(id === state.me), onclick: () => speak(id) },
          face(id),
          h("span", null, name),
        ),
      ),
    ),
    h(
      "div",
      { class: "new" },
      h("label", { class: "unseen", for: "new-name" }, "Another name"),
      field,
      h("button", { type: "button", onclick: take }, "Become"),
    ),
    said,
  );
  box.hidden = false;
  speaker.setAttribute("aria-expanded", "true");
  box.querySelector("[aria-pressed=true]").focus();
}

speaker.addEventListener("click", () => {
  if (!closeSpeakers()) openSpeakers();
});
document.addEventListener("pointerdown", (event) => {
  if (!event.target.closest("#speakers, #speaker")) closeSpeakers();
});
box.addEventListener("focusout", (event) => {
  if (event.relatedTarget && !event.relatedTarget.closest("#speakers, #speaker")) closeSpeakers();
});
on("me", drawSpeaker);
