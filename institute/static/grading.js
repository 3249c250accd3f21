// The scoring page: saves each criterion as one goes, and gives it keys. Without this file the page has Save buttons.

"use strict";

const sheet = document.getElementById("sheet");
const saved = document.getElementById("saved");
const criteria = [...(sheet?.querySelectorAll("[data-criterion]") ?? [])];
const SAVED_BY_ITSELF_MS = 1200;
const TRIED_AGAIN_MS = 5000;

// Saving: one criterion at a time, in order; what is written meanwhile goes with the next turn.

const unsaved = new Set(); // ids of criteria
let timer = 0;
let turn = Promise.resolve();
let stopped = false; // the server refused: the words stay on the page

function say(text) {
  saved.textContent = text;
}

function shownIn(id) {
  return { level: sheet.elements[`level-${id}`].value, comment: sheet.elements[`comment-${id}`].value };
}

function same(one, other) {
  return one.level === other.level && one.comment === other.comment;
}

function fieldsOf(id) {
  const body = new URLSearchParams();
  body.set("_token", sheet.elements._token.value);
  for (const name of [`base-${id}`, `level-${id}`, `comment-${id}`]) body.set(name, sheet.elements[name].value);
  return body;
}

// Take over what holds for a criterion, unless this window has words that the server does not know yet. What came too
// late is kept by the server, which shows it below the comment, so it counts as known. Returns whether it came too late.

function takeOver(id, page, sent) {
  const base = document.getElementById(`base-${id}`);
  const fresh = page.getElementById(base.id);
  const [shown, held] = [shownIn(id), fresh.dataset];
  const taken = sent && same(sent, held); // what is written since goes on top of it
  if (!taken && !same(shown, held)) {
    const known = same(shown, base.dataset) || (sent && same(shown, sent));
    if (!known) return Boolean(sent);
    for (const radio of sheet.querySelectorAll(`input[name="level-${id}"]`)) radio.checked = radio.value === held.level;
    sheet.elements[`comment-${id}`].value = held.comment;
  }
  document.getElementById(`score-${id}`).replaceWith(page.getElementById(`score-${id}`));
  base.replaceWith(fresh);
  return Boolean(sent) && !taken;
}

function renew(text, savedId, sent) {
  const page = new DOMParser().parseFromString(text, "text/html");
  let late = false;
  for (const { dataset } of criteria) {
    if (takeOver(dataset.criterion, page, dataset.criterion === savedId && sent)) late = true;
  }
  for (const piece of document.querySelectorAll("[data-piece][id]")) {
    const fresh = page.getElementById(piece.id);
    if (fresh && !piece.contains(document.activeElement)) piece.replaceWith(fresh);
  }
  const said = page.getElementById("saved");
  if (late) say(sheet.dataset.late);
  else if (said) saved.replaceChildren(...said.childNodes);
}

function showScore(radio) {
  const badge = radio.closest("[data-criterion]")?.querySelector(".ci-score");
  if (!badge) return;
  badge.classList.add("ci-score--set");
  badge.querySelector("[data-out]").textContent = radio.value;
}

async function save(id) {
  const sent = shownIn(id);
  const answer = await fetch(sheet.action, {
    method: "POST",
    body: fieldsOf(id),
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
    keepalive: true,
  });
  if (answer.ok && !answer.redirected) return renew(await answer.text(), id, sent);
  stopped = true;
  say(sheet.dataset.refused);
}

function saveAll() {
  clearTimeout(timer);
  turn = turn.then(async () => {
    for (const id of [...unsaved]) {
      if (stopped) return;
      unsaved.delete(id);
      say(sheet.dataset.saving);
      try {
        await save(id);
      } catch {
        unsaved.add(id);
        say(sheet.dataset.offline);
        timer = setTimeout(saveAll, TRIED_AGAIN_MS);
        return;
      }
    }
  });
}

function changed(field, wait) {
  const id = field.closest("[data-criterion]")?.dataset.criterion;
  if (!id) return;
  unsaved.add(id);
  clearTimeout(timer);
  timer = setTimeout(saveAll, wait);
}

sheet?.addEventListener("input", (event) => changed(event.target, SAVED_BY_ITSELF_MS));
sheet?.addEventListener("change", (event) => {
  changed(event.target, 0);
  if (event.target.type === "radio") showScore(event.target);
});
window.addEventListener("online", saveAll);
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && unsaved.size && saveAll());
window.addEventListener("beforeunload", (event) => {
  if (unsaved.size && !("sent" in sheet.dataset)) event.preventDefault();
});

// Releasing too early leads to what is left, without asking the server.

sheet?.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!event.submitter || !("release" in event.submitter.dataset)) return unsaved.clear();
  const open = criteria.find((one) => !one.querySelector("input[type=radio]:checked"));
  if (!open) return unsaved.clear();
  event.preventDefault();
  event.stopImmediatePropagation();
  delete sheet.dataset.sent;
  if (unsaved.size) saveAll();
  show(open);
  open.querySelector("input[type=radio]").focus();
  const left = document.getElementById("left");
  left.setAttribute("role", "alert");
  left.classList.add("ci-ask");
});

// Keys: 1 to n score, J and K go on and back, C comments. Never while somebody writes; they can be switched off.

const keys = document.querySelector("[data-keys]");
const keySwitch = document.querySelector("[data-keys-switch]");
let keysOn = true;

function remembered() {
  try {
    return localStorage.getItem("grading-keys") !== "off";
  } catch {
    return true; // a frame may have no storage
  }
}

function switchKeys(on) {
  keysOn = on;
  if (!keySwitch) return;
  keys.hidden = false;
  keySwitch.textContent = on ? keySwitch.dataset.on : keySwitch.dataset.off;
  try {
    localStorage.setItem("grading-keys", on ? "on" : "off");
  } catch {
    // it holds for this page then
  }
}

keySwitch?.addEventListener("click", () => switchKeys(!keysOn));
switchKeys(remembered());

function show(criterion) {
  for (const one of criteria) one.open = one === criterion;
  criterion.scrollIntoView({ block: "nearest" });
}

function openAt() {
  const focused = criteria.findIndex((one) => one.contains(document.activeElement));
  return focused >= 0 ? focused : Math.max(0, criteria.findIndex((one) => one.open));
}

function go(at) {
  if (!criteria[at]) return;
  show(criteria[at]);
  criteria[at].querySelector("summary").focus();
}

function press(key) {
  const at = openAt();
  if (key === "j") return go(at + 1);
  if (key === "k") return go(at - 1);
  if (key === "c") {
    show(criteria[at]);
    return criteria[at].querySelector("textarea").focus();
  }
  const level = criteria[at].querySelector(`input[type=radio][value="${CSS.escape(key)}"]`);
  if (!level) return;
  show(criteria[at]);
  level.checked = true;
  level.focus({ preventScroll: true });
  level.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("keydown", (event) => {
  const writing = event.target.closest("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  if (!keysOn || !criteria.length || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  if (!/^[1-9jkc]$/.test(key)) return;
  event.preventDefault();
  press(key);
});
