// One phone: its conversation, what its person does, and what the bot answers.

import { wireComposer } from "./composer.js";
import { drawButton, drawCard } from "./card.js";
import { clock, el, icon, newId, say } from "./dom.js";
import { post } from "./server.js";
import { Sheet } from "./sheet.js";

const SHOWN_TYPES = new Set(["image/jpeg", "image/png", "image/webp", "image/gif"]);
const PATIENCE_MS = 60000;

export class Phone {
  /** `person` is the setup's entry; `look(url, alt, original)` shows a picture large; `onNews()` counts unread. */
  constructor(station, person, { look, onNews }) {
    this.station = station;
    this.user = person.user;
    this.look = look;
    this.onNews = onNews;
    this.talk = station.querySelector(".talk");
    this.list = station.querySelector(".bubbles");
    this.typing = station.querySelector(".typing");
    this.chips = station.querySelector(".chips");
    this.newer = station.querySelector(".newer");
    this.known = new Map(); // id -> {item, bubble}
    this.pending = new Map(); // key -> item shown before the server confirmed it
    this.live = false;
    this.sheet = new Sheet(station, this.user, {
      onSent: () => this.think(say("thinking")),
      onGiveUp: () => this.problem(say("slow")),
    });
    this.newer.addEventListener("click", () => this.toEnd());
    this.talk.addEventListener("scroll", () => this.atEnd() && (this.newer.hidden = true), { passive: true });
    new ResizeObserver(() => this.stuck && this.toEnd(false)).observe(this.talk);
    this.talk.addEventListener("scroll", () => (this.stuck = this.atEnd()), { passive: true });
    this.stuck = true;
    wireComposer(station, {
      say: (text) => this.say(text),
      command: (text) => this.command(text),
      files: (files, text) => this.files(files, text),
      problem: (sentence) => this.problem(sentence),
    });
  }

  // --- what the person does -----------------------------------------------------------------------------------------

  say(text) {
    const id = newId();
    this.expect(`${id}:0`, { text });
    const body = new FormData();
    body.set("phone", this.user);
    body.set("id", id);
    body.set("text", text);
    this.send("/local/messages", body, `${id}:0`, say("thinking"));
  }

  command(text) {
    const id = newId();
    this.expect(`${id}:0`, { text: `/keihi ${text}` });
    this.send("/local/commands", { phone: this.user, id, text }, `${id}:0`, say("thinking"));
  }

  files(files, note) {
    const id = newId();
    const body = new FormData();
    body.set("phone", this.user);
    body.set("id", id);
    if (note) body.set("text", note);
    for (const file of files) body.append("files", file, file.name);
    const shown = files.map((file) => ({ name: file.name, media_type: file.type, size: file.size, url: URL.createObjectURL(file) }));
    this.expect(`${id}:0`, { text: note, files: shown });
    this.send("/local/messages", body, `${id}:0`, say("reading"));
  }

  tap(button, node) {
    if (button.opens_form) {
      const form = this.sheet.open(button.label);
      this.send("/local/taps", { phone: this.user, id: newId(), token: button.token, form });
      return;
    }
    this.hold(node);
    this.send("/local/taps", { phone: this.user, id: newId(), token: button.token });
  }

  choose(choice, value = "") {
    this.clearChips();
    if (choice.token) {
      const id = newId();
      const text = value ? `${choice.label} ${value}` : choice.label;
      this.expect(`${id}:0`, { text });
      this.send("/local/taps", { phone: this.user, id, token: choice.token, value, label: text }, `${id}:0`, say("thinking"));
    } else if (choice.text) {
      this.say(choice.text);
    }
  }

  takeBack(bubble) {
    this.send("/local/unsend", { phone: this.user, id: newId(), said: bubble.key.split(":")[0] });
  }

  async send(path, body, key = "", waiting = "") {
    if (waiting) this.think(waiting);
    try {
      await post(path, body);
    } catch (error) {
      this.rest();
      this.release();
      if (this.sheet.loading) this.sheet.close();
      this.problem(error.message);
      const item = this.pending.get(key);
      if (item && error.status === 0) this.offerAgain(item, () => this.send(path, body, key, waiting));
    }
  }

  /** The same act once more: its id is the same, so it cannot be done twice. */
  offerAgain(item, again) {
    item.classList.add("unsent");
    const button = el("button.quiet", { type: "button" }, say("again"));
    button.addEventListener("click", () => {
      button.remove();
      item.classList.remove("unsent");
      again();
    });
    item.querySelector(".when").prepend(button);
  }

  // --- what arrives -------------------------------------------------------------------------------------------------

  receive(bubble) {
    if (bubble.form) {
      if (!bubble.removed) this.sheet.fill(bubble.handle, bubble.form);
      return;
    }
    if (bubble.working) {
      this.think(say("reading"));
      return;
    }
    const item = this.draw(bubble);
    const before = this.known.get(bubble.id)?.item ?? this.pending.get(bubble.key);
    const wasNear = this.atEnd();
    if (before) {
      item.classList.toggle("changed", this.live && bubble.author === "bot");
      before.replaceWith(item);
      this.pending.delete(bubble.key);
    } else {
      this.list.append(item);
      if (this.live) item.classList.add("new");
    }
    this.known.set(bubble.id, { item, bubble });
    this.station.classList.add("talking");
    if (bubble.author === "bot") this.answered(bubble, !before);
    if (wasNear || !before) this.show(item, bubble.author);
    else if (!this.atEnd()) this.newer.hidden = false;
  }

  answered(bubble, isNew) {
    this.rest();
    this.release();
    if (isNew) {
      this.setChips(bubble.card?.choices || []);
      if (this.sheet.loading) this.sheet.close();
    } else if (this.last === bubble.id) {
      this.setChips(bubble.card?.choices || []);
    }
    if (isNew) this.last = bubble.id;
    if (this.live) this.onNews(this);
  }

  /** Replaying is over: from now on what comes is news. */
  ready() {
    if (!this.live) this.toEnd(false);
    this.live = true;
  }

  // --- drawing ------------------------------------------------------------------------------------------------------

  draw(bubble) {
    const item = el("li", { class: `turn ${bubble.author}`, "data-id": bubble.id, "data-key": bubble.key });
    if (bubble.removed) {
      item.append(el("p.gone", {}, say("gone")));
      return item;
    }
    item.append(el("span.unseen", {}, bubble.author === "me" ? say("you_said") : say("bot_said")));
    if (bubble.card) item.append(drawCard(bubble.card, this.acts()));
    if (bubble.files?.length) item.append(this.drawFiles(bubble.files));
    if (bubble.text) item.append(el("div.bubble", {}, el("p", {}, bubble.text)));
    const undo = bubble.author === "me" && bubble.files?.length > 0 && bubble.id !== bubble.key;
    item.append(
      el("p.when", {}, undo && el("button.quiet", { type: "button", onclick: () => this.takeBack(bubble) }, say("take_back")),
        el("time", { datetime: bubble.at }, clock(bubble.at))),
    );
    return item;
  }

  drawFiles(files) {
    return el("div", { class: `files ${files.length > 1 ? "many" : "one"}` }, ...files.map((file) => this.drawFile(file)));
  }

  drawFile(file) {
    const url = file.url || this.pictureUrl(file.sha256);
    if (!SHOWN_TYPES.has(file.media_type) || (!file.sha256 && !file.url)) {
      return el("span.file", {}, icon("file"), el("b", {}, file.name || say("file")), el("small", {}, size(file.size)));
    }
    const alt = file.name || say("photo");
    const image = el("img", { src: url, alt, decoding: "async" });
    image.addEventListener("load", () => this.stuck && this.toEnd(false));
    return el("button.photo", { type: "button", title: say("enlarge"), onclick: () => this.look(url, alt, "") }, image);
  }

  acts() {
    return {
      tap: (button, node) => this.tap(button, node),
      picture: (sha256, alt) => this.look(this.pictureUrl(sha256), alt, `/local/originals/${sha256}?phone=${encodeURIComponent(this.user)}`),
      pictureUrl: (sha256) => this.pictureUrl(sha256),
    };
  }

  pictureUrl(sha256) {
    return `/local/pictures/${sha256}?phone=${encodeURIComponent(this.user)}`;
  }

  /** Show at once what the person sent; the server's own copy takes its place. */
  expect(key, { text = "", files = [] }) {
    this.clearChips();
    const item = this.draw({ id: key, key, author: "me", text, files, at: new Date().toISOString() });
    item.classList.add("pending", "new");
    this.pending.set(key, item);
    this.list.append(item);
    this.station.classList.add("talking");
    this.toEnd();
  }

  problem(sentence) {
    this.list.append(el("li.turn.trouble", { role: "alert" }, el("p", {}, sentence)));
    this.toEnd();
  }

  setChips(choices) {
    this.chips.replaceChildren(...choices.map((choice) => this.chip(choice)));
    this.chips.hidden = !choices.length;
  }

  clearChips() {
    this.setChips([]);
  }

  chip(choice) {
    if (choice.picker !== "date") return drawButton({ ...choice, style: "plain" }, { tap: () => this.choose(choice) });
    const input = el("input.unseen", { type: "date", value: choice.initial, tabindex: -1, "aria-label": choice.label });
    input.addEventListener("change", () => input.value && this.choose(choice, input.value));
    const button = el("button.act.plain", { type: "button", onclick: () => (input.showPicker ? input.showPicker() : input.focus()) }, choice.label);
    return el("span.picker", {}, button, input);
  }

  // --- waiting ------------------------------------------------------------------------------------------------------

  think(what) {
    if (!this.live) return;
    this.typing.querySelector(".what").textContent = what;
    this.typing.hidden = false;
    this.station.querySelector(".state").textContent = what;
    clearTimeout(this.thinking);
    this.thinking = setTimeout(() => this.rest(), PATIENCE_MS);
    if (this.stuck) this.toEnd();
  }

  rest() {
    clearTimeout(this.thinking);
    this.typing.hidden = true;
    this.station.querySelector(".state").textContent = say("online");
  }

  /** Keep a card's buttons still until the answer is there, so that an impatient finger taps once. */
  hold(node) {
    node.classList.add("busy");
    const card = node.closest(".card") || node.parentElement;
    card.querySelectorAll("button.act").forEach((button) => (button.disabled = true));
    this.held = card;
    clearTimeout(this.holding);
    this.holding = setTimeout(() => this.release(), 10000);
  }

  release() {
    clearTimeout(this.holding);
    this.held?.querySelectorAll("button.act").forEach((button) => {
      button.disabled = false;
      button.classList.remove("busy");
    });
    this.held = null;
  }

  // --- scrolling ----------------------------------------------------------------------------------------------------

  atEnd() {
    return this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 90;
  }

  toEnd(smooth = this.live) {
    this.newer.hidden = true;
    this.stuck = true;
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.talk.scrollTo({ top: this.talk.scrollHeight, behavior: still ? "instant" : "smooth" });
  }

  /** A card taller than the screen is shown from its end, where its buttons are. */
  show(item) {
    const image = item.querySelector("img");
    if (image && !image.complete) image.addEventListener("load", () => this.stuck && this.toEnd(false), { once: true });
    this.toEnd();
  }
}

function size(bytes) {
  if (!bytes) return "";
  return bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1e3))} KB`;
}
