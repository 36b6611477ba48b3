// The form that slides up inside a phone: opened empty at the tap, filled when the server sends its questions.

import { el, newId, say } from "./dom.js";
import { post, Refused } from "./server.js";

const PATIENCE_MS = 15000;

export class Sheet {
  /** `station` is the phone's element, `user` whose it is; `onSent` runs when the server took the answers. */
  constructor(station, user, { onSent, onGiveUp }) {
    this.user = user;
    this.onSent = onSent;
    this.onGiveUp = onGiveUp;
    this.node = station.querySelector(".sheet");
    this.veil = station.querySelector(".veil");
    this.behind = station.querySelectorAll(".top, .audit, .body, .foot");
    this.title = this.node.querySelector("h3");
    this.wait = this.node.querySelector(".wait");
    this.form = this.node.querySelector("form");
    this.handle = "";
    this.node.querySelector(".close").addEventListener("click", () => this.close());
    this.veil.addEventListener("click", () => this.close());
    this.node.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.close();
      if (event.key === "Tab") this.keepInside(event);
    });
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.send();
    });
    this.form.addEventListener("input", (event) => this.clearError(event.target.name));
  }

  /** Open the loading view at once; returns the handle that the form will come back with. */
  open(title) {
    this.handle = newId();
    this.back = document.activeElement;
    this.title.textContent = title;
    this.wait.hidden = false;
    this.form.hidden = true;
    this.veil.hidden = false;
    this.node.hidden = false;
    this.behind.forEach((part) => part.toggleAttribute("inert", true));
    requestAnimationFrame(() => {
      this.node.classList.add("up");
      this.veil.classList.add("up");
    });
    this.title.focus({ preventScroll: true });
    this.timer = setTimeout(() => this.loading && this.giveUp(), PATIENCE_MS);
    return this.handle;
  }

  get loading() {
    return Boolean(this.handle) && this.form.hidden;
  }

  giveUp() {
    this.close();
    this.onGiveUp();
  }

  /** The server's questions for `handle`; ignored when the person closed the sheet meanwhile. */
  fill(handle, form) {
    if (handle !== this.handle) return;
    clearTimeout(this.timer);
    this.token = form.token;
    this.id = newId();
    this.title.textContent = form.title;
    this.problem = el("p.problem", { role: "alert", hidden: true });
    this.form.replaceChildren(
      this.problem,
      ...form.inputs.map((input) => this.question(input)),
      el("div.finish", {}, el("button.act.primary", { type: "submit" }, form.submit)),
    );
    this.wait.hidden = true;
    this.form.hidden = false;
    this.node.querySelector("input, select, textarea")?.focus({ preventScroll: true });
  }

  question(input) {
    const id = `${this.handle}-${input.name}`;
    const suggested = input.kind !== "choice" && input.options.length > 0;
    const common = { id, name: input.name, required: input.required, "aria-describedby": `${id}-hint ${id}-error` };
    return el(
      "div", { class: `question ${input.kind}`, "data-name": input.name },
      el("label", { for: id }, input.label, input.required && el("span.must", {}, say("required"))),
      this.answer(input, common),
      suggested && el("datalist", { id: `${id}-list` }, ...input.options.map(([value]) => el("option", { value }))),
      el("p.hint", { id: `${id}-hint`, hidden: !input.hint }, input.hint),
      el("p.error", { id: `${id}-error`, role: "alert", hidden: true }),
    );
  }

  answer(input, common) {
    if (input.kind === "choice") {
      const known = input.options.some(([value]) => value === input.value);
      const node = el("select", common, !known && el("option", { value: "" }, say("choose")),
        ...input.options.map(([value, label]) => el("option", { value }, label)));
      node.value = known ? input.value : "";
      return node;
    }
    if (input.kind === "long_text") {
      const node = el("textarea", { ...common, rows: 3, maxlength: input.max_length });
      node.value = input.value;
      return node;
    }
    const node = el("input", {
      ...common,
      type: input.kind === "date" ? "date" : "text",
      inputmode: input.kind === "amount" ? "decimal" : undefined,
      list: input.options.length ? `${common.id}-list` : undefined,
      maxlength: input.kind === "date" ? undefined : input.max_length,
    });
    node.value = input.value;
    return node;
  }

  async send() {
    const button = this.form.querySelector("[type=submit]");
    const values = Object.fromEntries([...new FormData(this.form)].map(([name, value]) => [name, String(value)]));
    button.disabled = true;
    button.classList.add("busy");
    try {
      await post("/local/forms", { phone: this.user, id: this.id, token: this.token, values });
      this.close();
      this.onSent();
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.id = newId(); // another try with other answers is another act
      this.showErrors(error);
    } finally {
      button.disabled = false;
      button.classList.remove("busy");
    }
  }

  showErrors(refused) {
    const errors = { ...refused.errors };
    const questions = [...this.form.querySelectorAll(".question")];
    const known = new Set(questions.map((question) => question.dataset.name));
    const whole = Object.entries(errors).filter(([name]) => !known.has(name)).map(([, sentence]) => sentence);
    if (!Object.keys(errors).length) whole.push(refused.message);
    this.problem.hidden = !whole.length;
    this.problem.textContent = whole.join("\n");
    let first = whole.length ? this.problem : null;
    for (const question of questions) {
      const sentence = errors[question.dataset.name];
      const field = question.querySelector("input, select, textarea");
      const error = question.querySelector(".error");
      error.hidden = !sentence;
      error.textContent = sentence || "";
      question.classList.toggle("wrong", Boolean(sentence));
      field.toggleAttribute("aria-invalid", Boolean(sentence));
      if (sentence && !first) first = field;
    }
    first?.focus?.();
    first?.scrollIntoView({ block: "nearest" });
  }

  clearError(name) {
    const question = this.form.querySelector(`.question[data-name="${CSS.escape(name)}"]`);
    if (!question) return;
    question.classList.remove("wrong");
    question.querySelector(".error").hidden = true;
    question.querySelector("input, select, textarea").removeAttribute("aria-invalid");
  }

  close() {
    if (!this.handle) return;
    clearTimeout(this.timer);
    this.handle = "";
    this.node.classList.remove("up");
    this.veil.classList.remove("up");
    this.behind.forEach((part) => part.removeAttribute("inert"));
    const hide = () => {
      if (this.handle) return;
      this.node.hidden = true;
      this.veil.hidden = true;
    };
    setTimeout(hide, matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 220);
    if (this.back?.isConnected) this.back.focus({ preventScroll: true });
  }

  keepInside(event) {
    const stops = [...this.node.querySelectorAll("button, input, select, textarea")].filter((stop) => !stop.disabled && stop.offsetParent);
    const [first, last] = [stops[0], stops.at(-1)];
    if (event.shiftKey && (document.activeElement === first || document.activeElement === this.title)) {
      event.preventDefault();
      last.focus();
    } else if (!event.shiftKey && document.activeElement === last) {
      event.preventDefault();
      first.focus();
    }
  }
}
