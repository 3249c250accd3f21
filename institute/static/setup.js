// Copying a value with one press, and watching something that the server works on. Without this script the values can
// be selected, and the page renews itself.

"use strict";

// <button data-copy="id of the field" data-copied="words" hidden>: the field is selected, so that a copy by hand works too.

for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = false;

document.addEventListener("focusin", (event) => {
  if (event.target.matches("[data-select]")) event.target.select();
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
  } catch {
    if (!document.execCommand("copy")) return; // in a frame that may not write: the selection stays
  }
  const status = button.querySelector("[role=status]");
  status.textContent = button.dataset.copied;
  setTimeout(() => (status.textContent = ""), 4000);
});

// <div id data-watch="milliseconds">: renewed from the page itself until it comes without data-watch.

async function renew(piece) {
  const answer = await fetch(location.href.split("#")[0], { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById(piece.id);
  if (!fresh) return;
  piece.replaceChildren(...document.adoptNode(fresh).childNodes);
  if (!("watch" in fresh.dataset)) delete piece.dataset.watch;
}

async function watch(piece) {
  while ("watch" in piece.dataset) {
    await new Promise((resolve) => setTimeout(resolve, Number(piece.dataset.watch)));
    try {
      await renew(piece);
    } catch {
      return; // offline: the page stays as it is
    }
  }
}

for (const piece of document.querySelectorAll("[id][data-watch]")) watch(piece);
