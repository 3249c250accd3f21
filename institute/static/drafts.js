// A draft that saves itself some seconds after the last key, where its page can be used without this:
// <form id data-autosave data-saving data-refused data-failed> with a [role=status] and the hidden field _base inside.
// Only the text goes; files, and those that have arrived (upload.js), wait for their button. Two savings never overlap, and a button waits for the one before.

"use strict";

const PAUSE = 3000;
const form = document.querySelector("form[data-autosave]");
const area = form?.querySelector("textarea");
const note = form?.querySelector("[role=status]");
let saved = area?.value;
let timer = 0;
let sending = null;
let stopped = false;

function typedFields() {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && name !== "upload") fields.append(name, value);
  }
  return fields;
}

// Take over the marks and the note of the page that came back; tell whether it shows the text that was sent.
function takeOver(page, sent) {
  const fresh = page.getElementById(form.id);
  if (!fresh || fresh.querySelector("textarea")?.value !== sent) return false;
  for (const mark of fresh.querySelectorAll("input[type=hidden][name]:not([name=upload])")) {
    const own = form.querySelector(`input[type=hidden][name="${CSS.escape(mark.name)}"]`);
    if (own) own.value = mark.value;
  }
  note.textContent = fresh.querySelector("[role=status]")?.textContent.trim() ?? "";
  return true;
}

async function save() {
  clearTimeout(timer);
  const sent = area.value;
  if (stopped || sent === saved) return;
  note.textContent = form.dataset.saving;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: typedFields(),
      headers: { "X-Requested-With": "fetch" },
      credentials: "same-origin",
    });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && takeOver(page, sent)) {
      saved = sent;
      return;
    }
    stopped = true; // another window wrote, or the visit ended: the button says which
    note.textContent = form.dataset.refused;
  } catch {
    note.textContent = form.dataset.failed;
    timer = setTimeout(start, PAUSE * 3);
  }
}

function start() {
  sending ??= save().finally(() => {
    sending = null;
    if (!stopped && area.value !== saved) timer ||= setTimeout(start, PAUSE);
  });
  timer = 0;
}

area?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(start, PAUSE);
});

document.addEventListener("visibilitychange", () => {
  if (area && document.visibilityState === "hidden" && area.value !== saved) start();
});

form?.addEventListener(
  "submit",
  (event) => {
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    const button = event.submitter;
    sending.finally(() => form.requestSubmit(button));
  },
  { capture: true },
);
