// The picker: searches while somebody types, counts what is chosen, sends once. Without this file the buttons do it.

"use strict";

const form = document.getElementById("picker");
const words = JSON.parse(form.dataset.words);
const rules = new Intl.PluralRules(document.documentElement.lang);
const rows = [...form.querySelectorAll(".ci-offers > li")].map((line) => ({
  line,
  box: line.querySelector("input"),
  grade: line.querySelector("select"),
  text: fold([...line.querySelectorAll("strong, .ci-soft.ci-sm:not(label)")].map((one) => one.textContent).join(" ")),
}));
const add = document.getElementById("add");
const counts = document.getElementById("counts");

function fold(text) {
  const bare = text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/[đłøħı]/g, (letter) => ({ đ: "d", ł: "l", ø: "o", ħ: "h", ı: "i" })[letter]);
}

function say(name, count) {
  const forms = words[name];
  return (forms[rules.select(count)] ?? forms.other).replace("{count}", count);
}

// A module stands above its segments where one of them is found.
function search() {
  const kind = form.elements._kind ? form.elements._kind.value : "";
  const wanted = fold(form.elements.q.value).split(/\s+/).filter(Boolean);
  let head = null;
  let found = 0;
  for (const row of rows) {
    const { line, text } = row;
    const below = line.classList.contains("ci-offer--below");
    if (!below) head = row;
    const matches = (!kind || line.dataset.kind === kind) && wanted.every((word) => text.includes(word));
    line.hidden = !matches;
    if (matches && below && !kind) head.line.hidden = false;
  }
  for (const { line } of rows) found += !line.hidden;
  document.getElementById("found").textContent = say("found", found);
  document.getElementById("none-found").hidden = found > 0;
  count();
}

function hasColumn({ line, grade }) {
  if (!grade || grade.value === "") return "graded" in line.dataset;
  return !grade.value.endsWith(".none");
}

function count() {
  const chosen = rows.filter((row) => row.box.checked);
  const columns = chosen.filter(hasColumn).length;
  const unseen = chosen.filter((row) => row.line.hidden).length;
  const [total, more] = counts.children;
  total.textContent = chosen.length ? say("items", chosen.length) : words.nothing;
  const parts = [columns && say("columns", columns), unseen && say("unseen", unseen)].filter(Boolean);
  more.textContent = parts.map((part) => `· ${part}`).join(" ");
  add.textContent = chosen.length ? say("add", chosen.length) : words.addNothing;
}

form.addEventListener("input", (event) => {
  if (event.target.name === "q" || event.target.name === "_kind") search();
  else count();
});

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (button?.formMethod === "post") {
    if ("sent" in form.dataset) event.preventDefault();
    form.dataset.sent = "";
    setTimeout(() => delete form.dataset.sent, 10000);
    return;
  }
  event.preventDefault();
  if (button?.name !== "every") return;
  for (const { line, box } of rows) box.checked ||= !line.hidden;
  count();
});

// Another language begins the page anew: what is chosen goes along in its address.
document.addEventListener("submit", ({ target }) => {
  if (target === form || !target.elements.next) return;
  const said = [...new FormData(form)].filter(([, value]) => value !== ""); // servers take addresses of 8 kB
  target.elements.next.value = `${location.pathname}?${new URLSearchParams(said)}`;
});

window.addEventListener("pageshow", () => {
  delete form.dataset.sent;
  search(); // the browser may have put back what was typed and ticked
});
