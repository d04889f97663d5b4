// Somebody at a browser: one context, one page, and what a person does with it.

import { deadline_ms } from "./bot.mjs";

export class Person {
  static async sit(browser, url, name, options = {}) {
    const person = new Person();
    person.name = name;
    person.context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    person.context.setDefaultTimeout(deadline_ms);
    person.page = await person.context.newPage();
    person.errors = [];
    person.page.on("pageerror", (error) => person.errors.push(error.message));
    person.page.on("console", (line) => {
      if (/Content.Security.Policy/i.test(line.text())) person.errors.push(line.text());
    });
    await person.page.goto(url);
    await person.page.locator("#name", { hasText: "#" }).waitFor();
    return person;
  }

  get input() {
    return this.page.locator("#input");
  }
  get card() {
    return this.page.locator("#card");
  }
  messages(text) {
    return this.page.locator("#log .msg", { hasText: text });
  }

  async say(text) {
    await this.input.fill(text);
    await this.page.keyboard.press("Escape");
    await this.page.keyboard.press("Enter");
    await this.holds("#input", (value) => value === "", "value");
  }

  async become(name) {
    await this.page.locator("#speaker").click();
    const known = this.page.locator("#speakers .people button", {
      has: this.page.getByText(new RegExp(`^${name}$`, "i")),
    });
    if (await known.count()) {
      await known.first().click();
    } else {
      await this.page.locator("#new-name").fill(name);
      await this.page.keyboard.press("Enter");
    }
    await this.holds("#speaker", (label) => label.toLowerCase().includes(name.toLowerCase()), "aria-label");
  }

  // Presses the newest button of that name in the channel.
  async press(label) {
    const button = this.page.locator("#log .buttons").getByRole("button", { name: label, exact: true }).last();
    await button.click();
  }

  // Waits until what the selector shows is right. `of` is a property, an attribute, or the text.
  async holds(selector, right, of = "textContent") {
    const until = Date.now() + deadline_ms;
    let value;
    while (true) {
      value = await this.page
        .locator(selector)
        .first()
        .evaluate((element, name) => element.getAttribute(name) ?? element[name], of, { timeout: deadline_ms });
      if (right(value ?? "")) return value;
      if (Date.now() > until) throw new Error(`${selector} shows “${value}”, which is not ${right}`);
      await this.page.evaluate(() => new Promise(requestAnimationFrame));
    }
  }
  topic(text) {
    return this.holds("#topic", typeof text === "string" ? (topic) => topic.includes(text) : text);
  }
  shows(text) {
    return this.holds("#card", (card) => card.includes(text));
  }
}
