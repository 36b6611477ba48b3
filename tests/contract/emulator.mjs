// Starts emulate's Slack service and lets its Events API be pointed at an app, for which the package's own command has
// no switch. Reads one JSON object per line on stdin ({"events": "http://…"} subscribes an address), ends with stdin.
// Arguments: the folder with node_modules, the port, the seed as JSON.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [folder, port, seed] = process.argv.slice(2);
const dist = join(folder, "node_modules", "emulate", "dist");

// The Slack plugin has no exported name of its own; it is the one chunk that offers `slackPlugin`.
async function slackPlugin() {
  for (const file of readdirSync(dist).filter((name) => name.startsWith("dist-") && name.endsWith(".js"))) {
    const found = (await import(pathToFileURL(join(dist, file)).href)).slackPlugin;
    if (found) return found;
  }
  throw new Error("this release of emulate has no Slack plugin");
}

const plugin = await slackPlugin();
const register = plugin.register;
let hooks;
plugin.register = function (app, store, webhooks, ...rest) {
  hooks = webhooks;
  return register.call(this, app, store, webhooks, ...rest);
};
const { createEmulator } = await import(pathToFileURL(join(dist, "api.js")).href);
const emulator = await createEmulator({ service: "slack", port: Number(port), seed: JSON.parse(seed) });
console.log(`ready ${emulator.url}`);

for await (const line of createInterface({ input: process.stdin })) {
  const { events } = JSON.parse(line);
  if (events) hooks.register({ url: events, events: ["*"], active: true, owner: "slack" });
  console.log(`subscribed ${events}`);
}
await emulator.close();
process.exit(0);
