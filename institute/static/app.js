// Small comforts on top of pages that work without them: menus that close, boxes that save when ticked,
// buttons that say that something is being sent. No state is kept here but what keep.js keeps.

"use strict";

const root = document.documentElement;
root.classList.add("ci-js");

// Menus: one open at a time; Escape and a click elsewhere close them.

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.ci-menu[open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => closeMenus(event.target.closest("details.ci-menu")));

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  const menu = document.querySelector("details.ci-menu[open]");
  if (!menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

document.addEventListener("focusout", (event) => {
  const menu = event.target.closest("details.ci-menu[open]");
  if (menu && event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false;
});

// Forms that send themselves: <form data-autosubmit data-saving data-saved data-failed> with a role=status inside.
// A refusal is shown by sending the form the plain way; offline, the box goes back and the page says so.

// A page says the words of its forms once: at the first of them.
function tickWords(form) {
  return (form.dataset.saving ? form : document.querySelector("form[data-autosubmit][data-saving]") ?? form).dataset;
}

function say(form, text) {
  const status = form.querySelector("[role=status]");
  if (status) status.textContent = text ?? "";
}

// Renew what stands beside the form (data-live and an id) and the form's own marks from the page that came back.
function renew(form, page) {
  for (const piece of document.querySelectorAll("[data-live][id]")) {
    const fresh = page.getElementById(piece.id);
    if (fresh && !piece.contains(document.activeElement)) piece.replaceWith(document.adoptNode(fresh));
  }
  const freshForm = form.id ? page.getElementById(form.id) : null;
  for (const mark of freshForm?.querySelectorAll("input[type=hidden][name]") ?? []) {
    const own = form.querySelector(`input[type=hidden][name="${CSS.escape(mark.name)}"]`);
    if (own) own.value = mark.value;
  }
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: "POST",
    body: new URLSearchParams(new FormData(form)),
    headers: { "X-Requested-With": "fetch" },
    credentials: "same-origin",
  });
  if (!answer.ok) return false;
  if (answer.headers.get("Content-Type")?.startsWith("text/html")) {
    renew(form, new DOMParser().parseFromString(await answer.text(), "text/html"));
  }
  return true;
}

const queues = new WeakMap(); // form → the sending before, so that two ticks arrive in order

document.addEventListener("change", (event) => {
  const box = event.target;
  const form = box.form;
  if (!form || !("autosubmit" in form.dataset)) return;
  say(form, tickWords(form).saving);
  const turn = (queues.get(form) ?? Promise.resolve()).then(async () => {
    try {
      if (await send(form)) say(form, tickWords(form).saved);
      else HTMLFormElement.prototype.submit.call(form);
    } catch {
      if (box.type === "checkbox") box.checked = !box.checked;
      say(form, tickWords(form).failed);
    }
  });
  queues.set(form, turn);
});

// A form is sent once; after 300 ms the pressed button, which keeps its size, says that it is on its way.

function wordOf(button) {
  return [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
}

function mark(form, button) {
  form.dataset.sent = "";
  const word = button && wordOf(button);
  const before = word?.data;
  const waiting = setTimeout(() => {
    if (!word || !document.body.dataset.sending) return;
    button.style.minInlineSize = `${button.offsetWidth}px`;
    word.data = document.body.dataset.sending;
  }, 300);
  const release = () => {
    clearTimeout(waiting);
    delete form.dataset.sent;
    if (word) word.data = before;
  };
  setTimeout(release, 10000); // a download leaves the page where it is
  window.addEventListener("pageshow", (event) => event.persisted && release(), { once: true });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.target === "_blank" || form.method !== "post") return;
  if ("sent" in form.dataset) event.preventDefault();
  else mark(form, event.submitter);
});

// What was typed is kept in the browser until the server has it (keep.js). A page that says "saved" is the sign that it has.

try {
  const sent = JSON.parse(sessionStorage.getItem("ci-keep-sent"));
  sessionStorage.removeItem("ci-keep-sent");
  if (sent && document.querySelector("main > .ci-wrap > .ci-banner--ok[role=status]")) {
    const copies = JSON.parse(localStorage.getItem(sent.shelf)) ?? {};
    delete copies[sent.tab];
    if (Object.keys(copies).length) localStorage.setItem(sent.shelf, JSON.stringify(copies));
    else localStorage.removeItem(sent.shelf);
  }
} catch {
  // nothing is kept here
}

// A file that is too large is named before it travels.

document.addEventListener("change", ({ target }) => {
  if (!target.matches?.("input[type=file][data-largest]")) return;
  const large = [...target.files].find((file) => file.size > Number(target.dataset.largest));
  target.setCustomValidity(large ? target.dataset.tooLarge.replace("{file}", large.name) : "");
  target.reportValidity();
});
