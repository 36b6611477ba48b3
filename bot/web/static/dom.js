// Building the page's elements. Text is always set as text, never as markup.

export const setup = JSON.parse(document.getElementById("setup").textContent);

/** A sentence of the page in the person's language, its {braces} filled. */
export function say(name, values = {}) {
  return (setup.words[name] ?? name).replace(/\{(\w+)\}/g, (_, key) => values[key] ?? "");
}

/** An element: el("p.lead", {id: "x"}, "text", child, …). Falsy children are left out. */
export function el(what, attributes = {}, ...children) {
  const [tag, ...classes] = what.split(".");
  const node = document.createElement(tag || "div");
  if (classes.length) node.className = classes.join(" ");
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== undefined && child !== null && child !== false && child !== ""));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/local/static/icons.svg?v=${setup.version}#${name}`);
  svg.append(use);
  return svg;
}

const LINK = /https?:\/\/[^\s<>"'、。）」]+/g;

/** Text with its web addresses as links. */
export function linked(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(LINK)) {
    parts.push(text.slice(end, match.index));
    parts.push(el("a", { href: match[0], target: "_blank", rel: "noopener noreferrer" }, match[0]));
    end = match.index + match[0].length;
  }
  parts.push(text.slice(end));
  return parts.filter(Boolean);
}

/** Hours and minutes on the reader's clock. */
export function clock(iso) {
  return new Date(iso).toLocaleTimeString(setup.locale, { hour: "2-digit", minute: "2-digit", hour12: false });
}

/** A random id for one act of a person; the same in every repeat of the request. */
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
