// The strip on the administrator's phone: every decision as a link of the audit chain, and whether the chain holds.

import { clock, el, icon, say } from "./dom.js";

const KEPT = 60;

export class AuditStrip {
  constructor(station) {
    this.node = station.querySelector(".audit");
    this.lines = this.node?.querySelector(".lines");
  }

  /** `news`: {length, broken, fresh, lines: [{sequence, at, who, what, hash}]}, newest line last. */
  show(news) {
    if (!this.node) return;
    this.node.hidden = false;
    const broken = news.broken > 0;
    this.node.classList.toggle("broken", broken);
    this.node.querySelector(".mark").replaceChildren(icon(broken ? "alarm" : "check"));
    this.node.querySelector(".count").textContent = broken
      ? say("audit_broken", { number: news.broken })
      : say("audit_holds", { count: news.length });
    for (const line of news.lines) this.add(line, news.fresh);
    const last = news.lines.at(-1);
    if (last) {
      const headline = this.node.querySelector(".headline");
      headline.textContent = last.what;
      if (news.fresh) {
        headline.classList.remove("fresh");
        void headline.offsetWidth; // restarts the highlight
        headline.classList.add("fresh");
      }
    }
    while (this.lines.childElementCount > KEPT) this.lines.lastElementChild.remove();
  }

  add(line, fresh) {
    if (this.lines.querySelector(`[data-sequence="${Number(line.sequence)}"]`)) return;
    this.lines.prepend(
      el("li", { "data-sequence": line.sequence, class: fresh ? "fresh" : "" },
        el("span.number", {}, `#${line.sequence}`), el("div", {}, el("b", {}, line.what), el("small", {}, `${clock(line.at)} ${line.who}`)),
        el("code", { title: line.hash }, line.hash.slice(0, 8))),
    );
  }
}
