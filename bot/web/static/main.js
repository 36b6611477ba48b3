// Starts the page: the phones, the stream that feeds them, tabs on a narrow screen, language and colours.

import { AuditStrip } from "./audit.js";
import { say, setup } from "./dom.js";
import { Phone } from "./phone.js";
import { listen, post } from "./server.js";

const narrow = matchMedia("(max-width: 899px)");
const phones = new Map();
const audits = [];
const unread = new Map();

// --- a picture, large ---------------------------------------------------------------------------------------------

const viewer = document.querySelector("dialog.picture");

function look(url, alt, original) {
  const image = viewer.querySelector("img");
  image.src = url;
  image.alt = alt;
  const link = viewer.querySelector("a");
  link.hidden = !original;
  if (original) link.href = original;
  viewer.showModal();
}
viewer.addEventListener("click", (event) => event.target.closest("a") || viewer.close());

// --- one phone at a time ------------------------------------------------------------------------------------------

function showPhone(user) {
  for (const station of document.querySelectorAll(".station")) station.classList.toggle("shown", station.dataset.phone === user);
  for (const tab of document.querySelectorAll("[data-tab]")) tab.setAttribute("aria-current", String(tab.dataset.tab === user));
  count(user, 0);
  phones.get(user)?.toEnd(false);
}

function count(user, number) {
  unread.set(user, number);
  const tab = document.querySelector(`[data-tab="${CSS.escape(user)}"]`);
  const badge = tab?.querySelector(".badge");
  if (!badge) return;
  badge.hidden = !number;
  badge.textContent = number > 9 ? "9+" : String(number);
  badge.setAttribute("aria-label", say("unread", { count: number }));
}

function news(phone) {
  const hidden = narrow.matches && !phone.station.classList.contains("shown");
  if (hidden) count(phone.user, (unread.get(phone.user) || 0) + 1);
}

for (const tab of document.querySelectorAll("[data-tab]")) tab.addEventListener("click", () => showPhone(tab.dataset.tab));
narrow.addEventListener("change", () => document.querySelector(".station.shown") && showPhone(document.querySelector(".station.shown").dataset.phone));

// --- the phones and their stream ----------------------------------------------------------------------------------

for (const person of setup.phones) {
  const station = document.querySelector(`.station[data-phone="${CSS.escape(person.user)}"]`);
  phones.set(person.user, new Phone(station, person, { look, onNews: news }));
  if (station.querySelector(".audit")) audits.push(new AuditStrip(station));
}

const lost = document.querySelector(".lost");
listen({
  onBubble: (bubble) => phones.get(bubble.phone)?.receive(bubble),
  onAudit: (line) => audits.forEach((strip) => strip.show(line)),
  onReady: () => {
    phones.forEach((phone) => phone.ready());
    document.documentElement.dataset.ready = "yes";
  },
  onState: (state) => {
    lost.hidden = state === "online";
    lost.textContent = state === "ended" ? say("ended") : say("waiting");
    for (const place of document.querySelectorAll(".top .state")) place.textContent = state === "online" ? say("online") : say("connecting");
  },
});

// --- clock, colours, language -------------------------------------------------------------------------------------

function tick() {
  const now = new Date().toLocaleTimeString(setup.locale, { hour: "numeric", minute: "2-digit", hour12: false });
  for (const place of document.querySelectorAll(".clock")) place.textContent = now;
}
tick();
setInterval(tick, 10000);

const THEME = "keihi-theme";
const root = document.documentElement;
const stored = localStorage.getItem(THEME);
if (stored) root.dataset.theme = stored;
document.getElementById("theme").addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
  localStorage.setItem(THEME, root.dataset.theme);
});

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-pressed") === "true") return;
    await post("/local/language", { locale: button.dataset.language });
    location.reload();
  });
}
