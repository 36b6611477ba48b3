// The way to the server: one POST for each act, one stream of what happens.

import { say, setup } from "./dom.js";

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** What the server refused: `status`, its sentence, and the errors of a form by field. */
export class Refused extends Error {
  constructor(status, sentence, errors = {}) {
    super(sentence);
    this.status = status;
    this.errors = errors;
  }
}

/**
 * Send one act. The id inside makes it safe to repeat, so a network that fails is tried again.
 * `body` is a plain object (sent as JSON) or FormData.
 */
export async function post(path, body) {
  const headers = { "X-CSRF-Token": setup.csrf };
  const form = body instanceof FormData;
  if (!form) headers["Content-Type"] = "application/json";
  for (let tries = 1; ; tries += 1) {
    let answer;
    try {
      answer = await fetch(path, { method: "POST", headers, body: form ? body : JSON.stringify(body) });
    } catch (error) {
      if (tries >= 3) throw new Refused(0, say("offline"));
      await pause(400 * tries);
      continue;
    }
    if (answer.ok) return answer.json();
    const told = await answer.json().catch(() => ({}));
    throw new Refused(answer.status, typeof told.detail === "string" ? told.detail : say("failed"), told.errors || {});
  }
}

/** Listen to all phones of this page. The browser reconnects by itself and says what it saw last. */
export function listen({ onBubble, onAudit, onReady, onState }) {
  const query = setup.phones.map((phone) => `phone=${encodeURIComponent(phone.user)}`).join("&");
  const source = new EventSource(`/local/events?${query}`);
  source.addEventListener("bubble", (event) => onBubble(JSON.parse(event.data)));
  source.addEventListener("audit", (event) => onAudit(JSON.parse(event.data)));
  source.addEventListener("ready", () => onReady());
  source.onopen = () => onState("online");
  source.onerror = () => onState(source.readyState === EventSource.CLOSED ? "ended" : "waiting");
  addEventListener("pagehide", () => source.close());
}
