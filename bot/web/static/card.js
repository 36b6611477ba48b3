// Draws a card of the server. What it says and which buttons it has is decided there; here it only gets its looks.

import { el, icon, linked, say } from "./dom.js";

const SIGNS = { good: "✓", doubt: "⚠", bad: "✕" };

/** Short enough, and without figures, to be a speech bubble instead of a card. */
export function isSentence(card) {
  return !card.picture && !card.fields.length && !card.rows.length && !card.buttons.length && !card.notes.length;
}

/**
 * The element of a card. `acts`: tap(button, node) for buttons, picture(sha256, alt) to look closer,
 * pictureUrl(sha256).
 */
export function drawCard(card, acts) {
  if (isSentence(card)) return drawSentence(card);
  const node = el("article.card", { class: `card tone-${card.tone}` });
  node.append(
    el("header.head", {}, SIGNS[card.tone] && el("span.sign", { "aria-hidden": "true" }, SIGNS[card.tone]), el("h3", { class: card.title.length > 40 ? "long" : undefined }, card.title)),
  );
  const main = el("div.inside");
  if (card.lead) main.append(el("p.lead", {}, ...linked(card.lead)));
  if (card.picture) {
    // What matters most stands beside the picture: everything up to the emphasised figure, four lines at most.
    const most = Math.min(4, card.fields.findIndex((field) => field.emphasis) + 1 || 4);
    const stamp = card.tone === "good" && !card.buttons.some((button) => button.style === "primary") && el("span.stamp", { "aria-hidden": "true" }, "済");
    main.append(el("div.facts", {}, drawFields(card.fields.slice(0, most)), el("div.proof", {}, drawPicture(card.picture, acts), stamp)));
    if (card.fields.length > most) main.append(drawFields(card.fields.slice(most)));
  } else if (card.fields.length) {
    main.append(drawFields(card.fields));
  }
  if (card.rows.length) main.append(el("ul.rows", {}, ...card.rows.map((row) => drawRow(row, acts))));
  if (card.notes.length) main.append(el("ul.notes", {}, ...card.notes.map(drawNote)));
  if (card.footer) main.append(el("p.footer", {}, ...linked(card.footer)));
  if (main.childElementCount) node.append(main);
  if (card.buttons.length) {
    node.append(el("div.buttons", { role: "group", "aria-label": card.title }, ...card.buttons.map((button) => drawButton(button, acts))));
  }
  return node;
}

function drawSentence(card) {
  const plain = card.tone === "plain";
  const busy = plain && card.title.endsWith("…");
  return el(
    "div", { class: `bubble tone-${card.tone}${busy ? " busy" : ""}` },
    busy && el("span.ring", { "aria-hidden": "true" }),
    !plain && el("span.sign", { "aria-hidden": "true" }, SIGNS[card.tone]),
    el("div", {}, el(card.lead || card.footer ? "p.title" : "p", {}, ...linked(card.title)), card.lead && el("p", {}, ...linked(card.lead)),
      card.footer && el("p.footer", {}, ...linked(card.footer))),
  );
}

function drawPicture(picture, acts) {
  const image = el("img", { src: acts.pictureUrl(picture.sha256), alt: picture.alt, decoding: "async" });
  image.addEventListener("load", () => image.closest("button")?.classList.toggle("wide", image.naturalWidth > image.naturalHeight));
  image.addEventListener("error", () => image.closest("button")?.classList.add("missing"));
  return el("button.thumb", { type: "button", title: say("enlarge"), onclick: () => acts.picture(picture.sha256, picture.alt) }, image);
}

function drawFields(fields) {
  const list = el("dl.fields");
  if (fields.length > 1) list.classList.add("pairs");
  for (const field of fields) {
    const classes = ["field", field.doubted && "doubted", field.emphasis && "emphasis", width(field) > 15 && "wide"].filter(Boolean).join(" ");
    list.append(
      el("div", { class: classes },
        el("dt", {}, field.label),
        el("dd", {}, field.doubted && el("span.sign", { role: "img", "aria-label": say("doubted"), title: say("doubted") }, "⚠"), field.value || "—")),
    );
  }
  return list;
}

/** Rough width of a field in Japanese characters; Latin letters and digits take half of one. */
function width(field) {
  const of = (text) => [...text].reduce((sum, letter) => sum + (letter.charCodeAt(0) < 0x2000 ? 0.56 : 1), 0);
  return Math.max(of(field.value), of(field.label) * 0.8) + (field.doubted ? 2 : 0);
}

function drawRow(row, acts) {
  return el(
    "li", { class: row.doubted ? "doubted" : "" },
    el("div.what", {}, el("b", {}, row.doubted && el("span.sign", { role: "img", "aria-label": say("doubted") }, "⚠"), row.title), row.detail && el("small", {}, ...parts(row.detail))),
    row.value && el("span", { class: /\d/.test(row.value) ? "value" : "value word" }, row.value),
    row.button && drawButton(row.button, acts),
  );
}

/** A detail breaks between its parts rather than within a name; no line begins with the dot between two. */
function parts(text) {
  const all = text.split(" · ");
  return all.flatMap((part, index) => [el("span.part", {}, index + 1 < all.length ? `${part} ·` : part), " "]);
}

function drawNote(note) {
  const sign = note.text.startsWith(SIGNS[note.tone]) ? "" : SIGNS[note.tone];
  return el("li", { class: `note tone-${note.tone}` }, sign && el("span.sign", { "aria-hidden": "true" }, sign), el("span", {}, ...linked(note.text)));
}

export function drawButton(button, acts) {
  if (button.url) {
    const safe = /^(https?:\/\/|\/)/.test(button.url) ? button.url : "#";
    return el("a", { class: `act ${button.style}`, href: safe, target: "_blank", rel: "noopener noreferrer" }, button.label, icon("link"));
  }
  return el("button", { type: "button", class: `act ${button.style}`, onclick: (event) => acts.tap(button, event.currentTarget) }, button.label);
}
