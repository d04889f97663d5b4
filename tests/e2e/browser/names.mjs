// What a screen reader needs of the page.

import assert from "node:assert/strict";

export async function sound(page) {
  const faults = await page.evaluate(() => {
    const faults = [];
    const all = (selector) => [...document.querySelectorAll(selector)];
    const text = (ids) =>
      (ids ?? "")
        .split(" ")
        .map((id) => document.getElementById(id)?.textContent ?? "")
        .join("")
        .trim();
    const label = (element) =>
      element.getAttribute("aria-label") ||
      text(element.getAttribute("aria-labelledby")) ||
      [...(element.labels ?? [])]
        .map((l) => l.textContent)
        .join("")
        .trim();
    const say = (element, what) => faults.push(`${element.outerHTML.slice(0, 90)} ${what}`);
    if (!document.documentElement.lang) faults.push("the page has no language");
    if (!document.title) faults.push("the page has no title");
    if (all("h1").length !== 1) faults.push(`the page has ${all("h1").length} h1`);
    if (all("main").length !== 1) faults.push(`the page has ${all("main").length} main`);
    for (const e of all("button, a[href], [role=button]"))
      if (!label(e) && !e.textContent.trim()) say(e, "has no name");
    for (const e of all("input, textarea, select, nav, aside, dialog, [role=log], [role=listbox], [role=dialog]"))
      if (!label(e)) say(e, "has no label");
    for (const e of all("img")) if (!e.hasAttribute("alt")) say(e, "has no alt");
    for (const e of all("body *"))
      if (getComputedStyle(e).cursor === "pointer" && !e.closest("button, a, [role=option]"))
        say(e, "looks pressable but is no button");
    for (const e of all("[tabindex]")) if (e.tabIndex > 0) say(e, "changes the order of focus");
    const ids = all("[id]").map((e) => e.id);
    for (const id of new Set(ids.filter((id, i) => ids.indexOf(id) !== i)))
      faults.push(`two elements are called ${id}`);
    for (const e of all("[aria-controls], [aria-describedby], [aria-activedescendant], [aria-labelledby]")) {
      for (const name of ["aria-controls", "aria-describedby", "aria-activedescendant", "aria-labelledby"]) {
        for (const id of (e.getAttribute(name) ?? "").split(" ").filter(Boolean))
          if (!document.getElementById(id)) say(e, `names #${id}, which is not there`);
      }
    }
    for (const e of all("[aria-expanded]"))
      if (!["true", "false"].includes(e.getAttribute("aria-expanded"))) say(e, "is neither open nor closed");
    return faults;
  });
  assert.deepEqual(faults, []);
}
