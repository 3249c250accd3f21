// Nothing typed is lost: what stands in a form is kept in this browser until the server has it.
//
// <form data-keep="name" data-revision="3">: what was typed and not saved (the visit ended, the network dropped, the tab
// was closed) is offered the next time a form of that name is open here. Names are opaque: keep_name() makes them.
// With data-keep-adds the form adds something and comes back empty: it was taken if its words stand on the page.
// With data-autosave="url" it saves itself some seconds after the last key: POST of the form's fields, answered with
// {"revision": 4, "said": "Saved at 10:42"}, or with 409 where another window saved before. The hidden field _revision
// follows; files wait for their button, which waits for the saving before it. Hidden fields, passwords, files and fields
// whose name begins with "_" are never kept. All sentences come from the form (macros/keep.html).
//
// Where scripts build the form: a "keep:restore" event with detail {fields} on the form comes before the fields are
// filled, so that rows can be made; after rows moved, form.dispatchEvent(new Event("change", {bubbles: true})).

"use strict";

const PREFIX = "ci-keep:";
const KEPT_FOR = 14 * 24 * 3600 * 1000;
const WRITE_AFTER = 300;
const SAVE_AFTER = 2000;
const AGAIN_AFTER = 10000;
const LONGEST_CHOICE = 12; // characters: a choice need not stand on the page in its own letters
const TAB = Math.random().toString(36).slice(2);
const said = new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
  dateStyle: "medium",
  timeStyle: "short",
});
const refused = (performance.getEntriesByType("navigation")[0]?.responseStatus ?? 200) >= 400;

// The shelf: {tab: {at, revision, sent, fields}} under each name. Private windows and frames may refuse to keep anything.

function readShelf(name) {
  try {
    const copies = JSON.parse(localStorage.getItem(PREFIX + name) ?? "{}");
    return copies && typeof copies === "object" ? copies : {};
  } catch {
    return {};
  }
}

function writeShelf(name, change) {
  const copies = readShelf(name);
  change(copies);
  try {
    if (Object.keys(copies).length) localStorage.setItem(PREFIX + name, JSON.stringify(copies));
    else localStorage.removeItem(PREFIX + name);
    return true;
  } catch {
    return false;
  }
}

function sweepShelves() {
  try {
    const names = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
    for (const name of names.map((key) => key.slice(PREFIX.length))) {
      writeShelf(name, (copies) => {
        for (const [tab, copy] of Object.entries(copies)) {
          if (!(copy?.at > Date.now() - KEPT_FOR)) delete copies[tab];
        }
      });
    }
  } catch {
    // nothing is kept here at all
  }
}

// A field may be called "elements", and then form.elements is that field.
const elementsOf = Object.getOwnPropertyDescriptor(HTMLFormElement.prototype, "elements").get;
const controlsOf = (form) => elementsOf.call(form);

// What is typed: {name: [values]}.

function isKept(control) {
  const kind = control.type;
  return (
    control.name &&
    !control.name.startsWith("_") &&
    !["hidden", "password", "file", "submit", "button", "reset", "image", "fieldset", "output"].includes(kind)
  );
}

function typedIn(form) {
  const fields = {};
  for (const control of controlsOf(form)) {
    if (!isKept(control)) continue;
    const values = (fields[control.name] ??= []);
    if (["checkbox", "radio"].includes(control.type)) {
      if (control.checked) values.push(control.value);
    } else if (control.type === "select-multiple") {
      values.push(...[...control.selectedOptions].map((option) => option.value));
    } else values.push(control.value);
  }
  return fields;
}

const plain = (values) => (values ?? []).map((value) => value.replace(/\r\n?/g, "\n").trim());
const wordsOf = (values) => (plain(values).some(Boolean) ? JSON.stringify(plain(values)) : "");

function isSame(one, other) {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => wordsOf(one[name]) === wordsOf(other[name]));
}

// Put the values into the form; return those that no field is there for.
function fill(form, fields) {
  form.dispatchEvent(new CustomEvent("keep:restore", { detail: { fields } }));
  const left = Object.fromEntries(Object.entries(fields).map(([name, values]) => [name, [...values]]));
  for (const control of controlsOf(form)) {
    const values = isKept(control) ? left[control.name] : undefined;
    if (!values) continue;
    if (["checkbox", "radio"].includes(control.type)) control.checked = fields[control.name].includes(control.value);
    else if (control.type === "select-multiple") {
      for (const option of control.options) option.selected = fields[control.name].includes(option.value);
    } else if (values.length) control.value = values.shift();
  }
  const there = new Map([...controlsOf(form)].filter(isKept).map((control) => [control.name, control.type]));
  form.dispatchEvent(new Event("input", { bubbles: true }));
  return Object.entries(left)
    .filter(([name]) => !["checkbox", "radio", "select-multiple"].includes(there.get(name)))
    .flatMap(([, values]) => values)
    .filter((value) => value.trim());
}

class KeptForm {
  constructor(form) {
    this.form = form;
    this.name = form.dataset.keep;
    this.note = form.querySelector("[data-saved-note]");
    this.base = refused ? {} : typedIn(form); // what the server has
    this.writing = 0;
    this.saving = 0;
    this.sending = null;
    this.stopped = false;
    this.touched = false; // a page that shows a refusal saves nothing by itself before something is typed
    this.left = false;
    this.told = "";
    this.channel = "BroadcastChannel" in window ? new BroadcastChannel(PREFIX + this.name) : null;
    this.channel?.addEventListener("message", ({ data }) => this.hear(data));
    this.sortShelf();
    if (refused) this.write();
    else if (!("keepAdds" in form.dataset)) this.channel?.postMessage(this.revision);
  }

  get revision() {
    return controlsOf(this.form)._revision?.value ?? this.form.dataset.revision ?? "";
  }

  set revision(value) {
    this.form.dataset.revision = value;
    if (controlsOf(this.form)._revision) controlsOf(this.form)._revision.value = value;
  }

  get changed() {
    return !isSame(typedIn(this.form), this.base);
  }

  // Forget what the server has, offer what it has not.
  sortShelf() {
    const here = typedIn(this.form);
    const adds = "keepAdds" in this.form.dataset && !refused;
    const isTaken = (copy) => isSame(copy.fields, here) || (adds && copy.sent && this.stands(copy.fields));
    writeShelf(this.name, (copies) => {
      for (const [tab, copy] of Object.entries(copies)) if (!copy?.fields || isTaken(copy)) delete copies[tab];
    });
    const [newest] = Object.entries(readShelf(this.name)).sort(([, one], [, other]) => other.at - one.at);
    if (newest) this.offer(...newest);
  }

  // Whether the page shows the words of these fields somewhere: then what was added is there.
  stands(fields) {
    const page = document.querySelector("main")?.textContent.replace(/\s+/g, " ") ?? "";
    return [...controlsOf(this.form)]
      .filter((control) => isKept(control) && ["text", "textarea"].includes(control.type))
      .flatMap((control) => plain(fields[control.name]))
      .every((value) => page.includes(value.replace(/\s+/g, " ")));
  }

  offer(tab, copy) {
    const { offer, offerPut, offerDrop } = this.form.dataset;
    const banner = document.createElement("div");
    banner.className = "ci-banner ci-banner--ask mb-4 ci-kept";
    banner.setAttribute("role", "status");
    const words = document.createElement("div");
    const sentence = document.createElement("strong");
    sentence.textContent = (offer ?? "{time}").replace("{time}", said.format(copy.at));
    const actions = document.createElement("div");
    actions.className = "ci-actions";
    const button = (text, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn btn-outline-primary";
      made.textContent = text;
      made.addEventListener("click", act);
      actions.append(made);
    };
    const settle = () => {
      writeShelf(this.name, (copies) => delete copies[tab]);
      banner.remove();
      this.sortShelf();
    };
    button(offerPut, () => {
      const replaced = this.changed ? typedIn(this.form) : null;
      const left = fill(this.form, copy.fields);
      if (copy.revision !== undefined && copy.revision !== "") this.revision = copy.revision;
      this.write();
      settle();
      if (replaced) this.offer(`${TAB}-before`, { at: Date.now(), revision: this.revision, fields: replaced });
      if (left.length) this.showLeft(left);
      this.form.querySelector("textarea, input:not([type=hidden])")?.focus();
    });
    button(offerDrop, settle);
    words.append(sentence, actions);
    banner.append(words);
    this.form.prepend(banner);
  }

  showLeft(values) {
    const field = document.createElement("textarea");
    field.className = "form-control mb-4";
    field.readOnly = true;
    field.rows = 6;
    field.dir = "auto";
    field.setAttribute("aria-label", this.form.dataset.offerLeft ?? "");
    field.value = values.join("\n\n");
    this.form.prepend(field);
  }

  write() {
    clearTimeout(this.writing);
    const fields = typedIn(this.form);
    const isNews = !isSame(fields, this.base);
    const copy = { at: Date.now(), revision: this.revision, sent: this.left, fields };
    this.isKept = writeShelf(this.name, (copies) => (isNews ? (copies[TAB] = copy) : delete copies[TAB]));
  }

  typed() {
    this.touched = true;
    this.left = false;
    clearTimeout(this.writing);
    this.writing = setTimeout(() => this.write(), WRITE_AFTER);
    this.saveIn(SAVE_AFTER);
  }

  say(text) {
    if (this.note) this.note.textContent = text ?? "";
  }

  saveIn(pause) {
    clearTimeout(this.saving);
    if (this.form.dataset.autosave && !this.stopped) this.saving = setTimeout(() => this.save(), pause);
  }

  save() {
    clearTimeout(this.saving);
    if (!this.form.dataset.autosave || this.stopped || this.left || !this.touched) return this.sending;
    this.sending ??= this.send().finally(() => {
      this.sending = null;
    });
    return this.sending;
  }

  async send() {
    const { autosave, saying, offline, ended, elsewhere, refusal } = this.form.dataset;
    if (!this.changed) return;
    const sent = typedIn(this.form);
    const body = new URLSearchParams();
    for (const [name, value] of new FormData(this.form)) {
      if (typeof value === "string" && name !== "_once") body.append(name, value);
    }
    if (!body.has("_revision")) body.append("_revision", this.revision);
    this.say(saying);
    try {
      const answer = await fetch(autosave, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch", Accept: "application/json" },
        credentials: "same-origin",
        keepalive: document.visibilityState === "hidden" && body.toString().length < 60000,
      });
      if (answer.status >= 500) throw new Error("later");
      const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
      const told = isJson ? await answer.json() : {};
      if (answer.ok && isJson) return this.taken(sent, told);
      this.stopped = [401, 403, 404, 409].includes(answer.status);
      this.say(told.said ?? (answer.status === 401 ? ended : answer.status === 409 ? elsewhere : refusal));
    } catch {
      this.say(offline);
      this.saveIn(AGAIN_AFTER);
    }
    this.write();
  }

  taken(sent, told) {
    this.base = sent;
    this.revision = String(told.revision ?? this.revision);
    this.channel?.postMessage(this.revision);
    this.write();
    this.say(told.said);
    if (this.changed) this.saveIn(SAVE_AFTER);
  }

  // Another window of this browser opened or saved a later revision.
  hear(revision) {
    if (!(Number(revision) > Number(this.revision)) || this.told === revision) return;
    this.told = revision;
    this.say(this.form.dataset.elsewhere);
    this.form.classList.add("ci-kept-elsewhere");
  }

  leave(event) {
    clearTimeout(this.saving);
    if (this.sending) {
      event.preventDefault();
      event.stopImmediatePropagation();
      const button = event.submitter;
      this.sending.finally(() => this.form.requestSubmit(button));
      return;
    }
    this.left = true;
    this.write();
    try {
      sessionStorage.setItem("ci-keep-sent", JSON.stringify({ shelf: PREFIX + this.name, tab: TAB }));
    } catch {
      // then the next form of this name compares
    }
  }
}

// A page that shows what was sent without its form, <… data-keep-taken="name">: the server has what stands there.
function dropTaken(name) {
  const letters = (text) => text.replace(/[^\p{L}\p{N}]+/gu, "");
  const page = letters(document.querySelector("main")?.textContent ?? "");
  const isThere = (value) => value.length <= LONGEST_CHOICE || page.includes(letters(value));
  writeShelf(name, (copies) => {
    for (const [tab, copy] of Object.entries(copies)) {
      if (copy?.sent && Object.values(copy.fields).flat().every(isThere)) delete copies[tab];
    }
  });
}

sweepShelves();
for (const shown of document.querySelectorAll("[data-keep-taken]")) if (!refused) dropTaken(shown.dataset.keepTaken);
const kept = new Map();
for (const form of document.querySelectorAll("form[data-keep]")) kept.set(form, new KeptForm(form));

const keptOf = (target) => kept.get(target?.form ?? target?.closest?.("form"));

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, ({ target }) => keptOf(target)?.typed());
}
document.addEventListener("submit", (event) => kept.get(event.target)?.leave(event), { capture: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState !== "hidden") return;
  for (const one of kept.values()) {
    one.write();
    one.save();
  }
});
window.addEventListener("pagehide", () => kept.forEach((one) => one.write()));
window.addEventListener("pageshow", ({ persisted }) => persisted && kept.forEach((one) => (one.left = false)));
window.addEventListener("online", () => kept.forEach((one) => one.save()));
window.addEventListener("beforeunload", (event) => {
  if ([...kept.values()].some((one) => one.changed && one.isKept === false && !one.left)) event.preventDefault();
});
