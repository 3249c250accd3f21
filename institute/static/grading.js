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
let sending = null; // the saving that the server has not answered yet
let stopped = false; // the server refused: the words stay on the page

function say(text) {
  saved.textContent = text;
}

function shownIn(id) {
  return { level: sheet.elements[`level-${id}`].value, comment: sheet.elements[`comment-${id}`].value };
}

function put(id, { level, comment }) {
  for (const radio of sheet.querySelectorAll(`input[name="level-${id}"]`)) {
    radio.checked = radio.value === level;
    if (radio.checked) showScore(radio);
  }
  sheet.elements[`comment-${id}`].value = comment;
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
    put(id, held);
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
  badge.querySelector("[data-out]").textContent = radio.dataset.shown ?? radio.value;
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
  if (answer.ok && !answer.redirected) {
    keepHere(id, null);
    return renew(await answer.text(), id, sent);
  }
  if (answer.status >= 500 || answer.status === 429) throw new Error("not now");
  stopped = true;
  say(sheet.dataset.refused);
  tellGone(await answer.text());
}

// The task is somebody else's now, or done: the server says why and keeps what it was sent; the words stay on this page.

function tellGone(text) {
  const page = new DOMParser().parseFromString(text, "text/html");
  const [title, why] = [page.querySelector("[data-lost]"), page.querySelector("[data-lost-why]")];
  const box = document.querySelector("[data-gone]");
  if (!title || !box) return;
  box.querySelector("[data-gone-title]").textContent = title.textContent;
  box.querySelector("[data-gone-why]").textContent = why?.textContent ?? "";
  box.hidden = false;
  box.tabIndex = -1;
  box.focus();
}

// What the server does not have yet is kept in this browser, so that a tab that dies loses nothing.

// The name of the shelf says whose it is: another person at this browser never meets these words.

const PREFIX = "ci-grading:";
const SHELF = PREFIX + (sheet?.dataset.shelf ?? "");

function shelf() {
  try {
    return JSON.parse(localStorage.getItem(SHELF) ?? "{}") ?? {};
  } catch {
    return {};
  }
}

function keepHere(id, words) {
  const kept = shelf();
  if (words) kept[id] = words;
  else delete kept[id];
  try {
    if (Object.keys(kept).length) localStorage.setItem(SHELF, JSON.stringify(kept));
    else localStorage.removeItem(SHELF);
  } catch {
    // a frame may have no storage; the page still asks before it is left
  }
}

function bringBack() {
  const kept = shelf();
  for (const { dataset } of criteria) {
    const [words, held] = [kept[dataset.criterion], document.getElementById(`base-${dataset.criterion}`)?.dataset];
    if (!words || !held || same(words, held)) continue;
    if (words.sent && held.comment.includes(words.comment) && (!words.level || held.level)) continue;
    put(dataset.criterion, words);
    sheet.elements[`base-${dataset.criterion}`].value = words.base;
    unsaved.add(dataset.criterion);
  }
  if (!unsaved.size) return keepNothing();
  say(sheet.dataset.brought);
  saveAll();
}

function keepNothing() {
  try {
    localStorage.removeItem(SHELF);
  } catch {
    // nothing was kept either
  }
}

// What went with a form is known to the server once the next page is there.

function markSent() {
  const kept = shelf();
  for (const [id, words] of Object.entries(kept)) keepHere(id, { ...words, sent: true });
}

function forgetSent() {
  try {
    for (const name of Object.keys(localStorage).filter((key) => key.startsWith(PREFIX))) {
      if (Object.values(JSON.parse(localStorage.getItem(name)) ?? {}).every((words) => words.sent)) localStorage.removeItem(name);
    }
  } catch {
    // nothing was kept, or nothing of ours
  }
}

function saveAll() {
  clearTimeout(timer);
  turn = turn.then(async () => {
    for (const id of [...unsaved]) {
      if (stopped) return;
      unsaved.delete(id);
      say(sheet.dataset.saving);
      try {
        sending = save(id);
        await sending;
      } catch {
        unsaved.add(id);
        say(sheet.dataset.offline);
        timer = setTimeout(saveAll, TRIED_AGAIN_MS);
        return;
      } finally {
        sending = null;
      }
    }
  });
}

function changed(field, wait) {
  const id = field.closest("[data-criterion]")?.dataset.criterion;
  if (!id) return;
  unsaved.add(id);
  const { dataset, value } = document.getElementById(`base-${id}`);
  keepHere(id, same(shownIn(id), dataset) ? null : { ...shownIn(id), base: value });
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

// Handing in too early leads to what is left, without asking the server.

function isLeft(criterion) {
  const chosen = criterion.querySelector("input[type=radio]:checked");
  return !chosen || ("shown" in chosen.dataset && !criterion.querySelector("textarea").value.trim());
}

// Whatever is pressed waits for the saving before it: else this window's own words come to the server as another window's.

function goesLater(event) {
  if (!sending) return false;
  event.preventDefault();
  event.stopImmediatePropagation();
  const again = () => sheet.requestSubmit(event.submitter);
  sending.then(again, again);
  return true;
}

sheet?.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (goesLater(event)) return;
  const open = event.submitter && "handIn" in event.submitter.dataset ? criteria.find(isLeft) : null;
  if (!open) {
    markSent();
    return unsaved.clear();
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  delete sheet.dataset.sent;
  if (unsaved.size) saveAll();
  show(open);
  const chosen = open.querySelector("input[type=radio]:checked");
  (chosen ? open.querySelector("textarea") : open.querySelector("input[type=radio]")).focus();
  const left = document.getElementById("left");
  left.setAttribute("role", "alert");
  left.classList.add("ci-ask");
});

// Keys: 1 to n score, 0 says why not, J and K go on and back, C comments and Escape leaves the comment, E shows the next
// piece of evidence, H goes to handing in. Never while somebody writes; they can be switched off.

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

function cannot(criterion) {
  show(criterion);
  const codes = criterion.querySelector("[data-cannot]");
  codes.open = true;
  (codes.querySelector("input:checked") ?? codes.querySelector("input")).focus();
}

function press(key) {
  const at = openAt();
  if (key === "j") return go(at + 1);
  if (key === "k") return go(at - 1);
  if (key === "e") return nextPiece();
  if (key === "h") return document.querySelector("[data-hand-in]")?.focus();
  if (key === "0") return cannot(criteria[at]);
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
  if (event.key === "Escape" && event.target.matches("[data-criterion] textarea")) {
    return event.target.closest("[data-criterion]").querySelector("summary").focus();
  }
  const writing = event.target.closest("textarea, select, [contenteditable], input:not([type=radio]):not([type=checkbox])");
  if (!keysOn || !criteria.length || writing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("[data-player], [data-tabs]") && !/^[jkceh]$/i.test(event.key)) return;
  const key = event.key.toLowerCase();
  if (!/^[0-9jkceh]$/.test(key)) return;
  event.preventDefault();
  press(key);
});

// The next criterion that is left, for who has no keys.

const next = document.querySelector("[data-next]");
if (next) next.hidden = criteria.length < 2;
next?.addEventListener("click", () => {
  const at = openAt();
  const after = [...criteria.slice(at + 1), ...criteria.slice(0, at)];
  const one = after.find(isLeft) ?? after[0];
  if (one) go(criteria.indexOf(one));
});

// The evidence, one piece at a time where there are several.

const tabs = document.querySelector("[data-tabs]");
const pieces = [...document.querySelectorAll("[data-piece-of]")];

function showPiece(id) {
  for (const piece of pieces) piece.hidden = piece.dataset.pieceOf !== id;
}

function nextPiece() {
  const radios = [...(tabs?.querySelectorAll("input") ?? [])];
  const radio = radios[(radios.findIndex((one) => one.checked) + 1) % radios.length];
  if (!radio) return;
  radio.checked = true;
  radio.focus({ preventScroll: true });
  showPiece(radio.value);
  tabs.scrollIntoView({ block: "nearest" });
}

if (tabs) {
  const aimed = document.getElementById(location.hash.slice(1));
  const asked = aimed && pieces.find((piece) => piece.contains(aimed));
  const first = [...tabs.querySelectorAll("input")].find((one) => one.value === asked?.dataset.pieceOf) ?? tabs.querySelector("input");
  first.checked = true;
  tabs.hidden = false;
  tabs.addEventListener("change", (event) => showPiece(event.target.value));
  showPiece(first.value);
}

if (sheet) bringBack();
else forgetSent();
