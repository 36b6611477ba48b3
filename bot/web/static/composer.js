// Everything that a person sends: text, files from disk, camera, clipboard, drag and drop, the sample tray, commands.

import { say } from "./dom.js";

const SAMPLE = "application/x-keihi-sample";

/**
 * Wire the ways to send inside one phone. `act` has say(text), command(text), files(files, text) and
 * problem(sentence).
 */
export function wireComposer(station, act) {
  const form = station.querySelector(".composer");
  const box = form.querySelector("textarea");
  const button = form.querySelector(".send");

  const fit = () => {
    button.disabled = !box.value.trim();
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 112)}px`;
  };
  const send = () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    fit();
    const command = text.match(/^\/keihi(?:\s+([\s\S]*))?$/i);
    if (command) act.command(command[1] || "help");
    else act.say(text);
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  box.addEventListener("input", fit);
  box.addEventListener("keydown", (event) => {
    // Enter also ends the choice of a Japanese word; that Enter must not send.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      send();
    }
  });

  for (const input of form.querySelectorAll(".file")) {
    input.addEventListener("change", () => {
      sendFiles([...input.files]);
      input.value = "";
    });
  }
  box.addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files || [])];
    if (!files.length) return;
    event.preventDefault();
    sendFiles(files);
  });
  for (const chip of station.querySelectorAll("[data-command]")) {
    chip.addEventListener("click", () => act.command(chip.dataset.command));
  }

  /** Files go out with what stands in the text box as their note. */
  function sendFiles(files) {
    if (!files.length) return;
    const note = box.value.trim();
    box.value = "";
    fit();
    act.files(files, note);
  }

  wireDrop(station, sendFiles, act);
  wireTray(station, sendFiles, act);
}

function wireDrop(station, sendFiles, act) {
  const phone = station.querySelector(".phone");
  const target = station.querySelector(".drop");
  let depth = 0;
  const carries = (event) => event.dataTransfer && [...event.dataTransfer.types].some((type) => type === "Files" || type === SAMPLE);
  const show = (on) => {
    target.hidden = !on;
    phone.classList.toggle("dropping", on);
  };
  phone.addEventListener("dragenter", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    depth += 1;
    show(true);
  });
  phone.addEventListener("dragover", (event) => {
    if (!carries(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  phone.addEventListener("dragleave", () => {
    depth = Math.max(0, depth - 1);
    if (!depth) show(false);
  });
  phone.addEventListener("drop", async (event) => {
    depth = 0;
    show(false);
    if (!carries(event)) return;
    event.preventDefault();
    const sample = event.dataTransfer.getData(SAMPLE);
    if (sample) await sendSamples(JSON.parse(sample), sendFiles, act);
    else sendFiles([...event.dataTransfer.files]);
  });
}

function wireTray(station, sendFiles, act) {
  const tray = station.querySelector(".tray");
  if (!tray) return;
  // Only after the page itself is there: the samples may still be being drawn.
  if (document.readyState === "complete") showSamples(tray);
  else addEventListener("load", () => showSamples(tray), { once: true });
  const all = [...tray.querySelectorAll("[data-sample]")].map((button) => ({ index: button.dataset.sample, name: button.dataset.name }));
  for (const button of tray.querySelectorAll("button")) {
    const samples = button.dataset.album ? all : [{ index: button.dataset.sample, name: button.dataset.name }];
    button.addEventListener("click", () => sendSamples(samples, sendFiles, act));
    button.draggable = true;
    button.addEventListener("dragstart", (event) => {
      event.dataTransfer.setData(SAMPLE, JSON.stringify(samples));
      event.dataTransfer.effectAllowed = "copy";
    });
  }
}

/** One after the other: a browser keeps few connections to one server, and a tap must not wait for a picture. */
async function showSamples(tray) {
  for (const image of tray.querySelectorAll("img[data-src]")) {
    await new Promise((done) => {
      image.addEventListener("load", done, { once: true });
      image.addEventListener("error", done, { once: true });
      image.src = image.dataset.src;
    });
  }
}

async function sendSamples(samples, sendFiles, act) {
  const chosen = samples.map(({ index }) => document.querySelector(`[data-sample="${Number(index)}"]`));
  const wait = (on) => chosen.forEach((button) => button?.setAttribute("aria-busy", String(on)));
  wait(true);
  try {
    const files = await Promise.all(
      samples.map(async ({ index, name }) => {
        const answer = await fetch(`/local/samples/${Number(index)}`);
        if (!answer.ok) throw new Error(String(answer.status));
        const blob = await answer.blob();
        return new File([blob], name, { type: blob.type });
      }),
    );
    sendFiles(files);
  } catch {
    act.problem(say("failed"));
  } finally {
    wait(false);
  }
}
