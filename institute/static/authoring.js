// Comforts for authors on top of forms that work without them: rows that are added, moved and taken away at once, a text
// shown as readers will see it while it is typed, and something of the library put in where the cursor stands.

"use strict";

const LOOK_AFTER = 500;
const ROWS_MOST = 60;

// Rows: <fieldset data-rows="questions"> with <ol><li>…</li></ol> and a <template> of an empty row numbered 0.

function changed(element) {
  element.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
}

function renumber(list, name) {
  const old = new RegExp(`(^|[ #])${name}-\\d+-`, "g");
  [...list.children].forEach((row, index) => {
    const number = index + 1;
    for (const element of row.querySelectorAll("*")) {
      for (const attribute of ["id", "name", "for", "aria-describedby"]) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(old, `$1${name}-${number}-`));
      }
      if (element.name === "do") element.value = element.value.replace(/\d+$/, number);
      if ("number" in element.dataset) element.textContent = number;
    }
  });
}

// Radio buttons of rows that pass each other would share a name for a moment and lose their choice.
function keepingChoices(list, act) {
  const chosen = [...list.querySelectorAll("input:checked")];
  act();
  for (const box of chosen) box.checked = true;
}

function addRow(fields) {
  const { rows: name } = fields.dataset;
  const list = fields.querySelector("ol");
  if (list.children.length >= ROWS_MOST) return null;
  list.append(fields.querySelector("template").content.cloneNode(true));
  keepingChoices(list, () => renumber(list, name));
  return list.lastElementChild;
}

// Tell those who listen what became of a row.
function say(fields, what, row) {
  const status = fields.querySelector("[role=status]");
  const list = fields.querySelector("ol");
  const number = [...list.children].indexOf(row) + 1;
  if (!status) return;
  status.textContent = status.dataset[what].replace("{number}", number).replace("{count}", list.children.length);
}

function focusIn(row) {
  row?.querySelector("textarea, select, input:not([type=hidden])")?.focus();
}

function press(button, fields) {
  const [verb] = button.value.split(":");
  const list = fields.querySelector("ol");
  if (verb === "add") {
    const row = addRow(fields);
    if (!row) return false;
    focusIn(row);
    changed(fields);
    return true;
  }
  const row = button.closest("li");
  const other = verb === "up" ? row.previousElementSibling : row.nextElementSibling;
  keepingChoices(list, () => {
    if (verb === "drop") row.remove();
    else if (other) other[verb === "up" ? "before" : "after"](row);
    renumber(list, fields.dataset.rows);
  });
  if (verb === "drop") (other?.querySelector("button[value^=drop]") ?? fields.querySelector("button[value^=add]")).focus();
  else button.focus();
  say(fields, verb === "drop" ? "dropped" : "moved", row);
  changed(fields);
  return true;
}

// What is sent is what the page will show once it is saved, so that what this browser keeps is known to be there: empty
// rows are left out, numbers lose what does not count.
function tidy(form) {
  for (const fields of form.querySelectorAll("[data-rows]")) {
    const list = fields.querySelector("ol");
    const empty = [...list.children].filter((row) => {
      const first = row.querySelector("textarea, select, input:not([type=hidden])");
      return first && !first.value.trim();
    });
    if (!empty.length) continue;
    for (const row of empty) row.remove();
    keepingChoices(list, () => renumber(list, fields.dataset.rows));
  }
  for (const field of form.querySelectorAll("input[inputmode=numeric]")) {
    field.value = field.value.trim().replace(/^0+(?=\d)/, "");
    if ("zeroIsEmpty" in field.dataset && field.value === "0") field.value = "";
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[name=do]");
  if (!button) return;
  if (button.value === "save") tidy(button.form);
  const fields = button.closest("[data-rows]");
  if (fields && press(button, fields)) event.preventDefault();
  if ("insert" in button.dataset && putIn(button)) event.preventDefault();
});

// What this browser kept may have more rows than the page, or fewer.
document.addEventListener("keep:restore", ({ target, detail }) => {
  for (const fields of target.querySelectorAll("[data-rows]")) {
    const name = fields.dataset.rows;
    const numbers = Object.keys(detail.fields)
      .map((field) => field.match(new RegExp(`^${name}-(\\d+)-`))?.[1])
      .filter(Boolean);
    const wanted = Math.min(Math.max(0, ...numbers.map(Number)), ROWS_MOST);
    const list = fields.querySelector("ol");
    while (list.children.length > wanted) list.lastElementChild.remove();
    while (list.children.length < wanted && addRow(fields));
  }
}, { capture: true });

// Texts: <textarea data-markdown="address" data-locale="en">, shown in #<id>-look while its fold is open.

const waiting = new WeakMap(); // textarea → the timer until it is shown
const asked = new WeakMap(); // textarea → the asking that is on its way

async function look(area) {
  const pane = document.getElementById(`${area.id}-look`);
  if (!pane?.closest("details").open) return;
  asked.get(area)?.abort();
  const asking = new AbortController();
  asked.set(area, asking);
  const body = new URLSearchParams({
    _token: area.form.querySelector("[name=_token]")?.value ?? "",
    text: area.value,
    locale: area.dataset.locale,
  });
  try {
    const answer = await fetch(area.dataset.markdown, {
      method: "POST", body, credentials: "same-origin", signal: asking.signal,
    });
    if (answer.ok) pane.innerHTML = await answer.text(); // cleaned by the server
  } catch {
    // offline, or a newer text is on its way: what stands there stays
  }
}

function lookSoon(area) {
  clearTimeout(waiting.get(area));
  waiting.set(area, setTimeout(() => look(area), LOOK_AFTER));
}

document.addEventListener("input", ({ target }) => {
  if (target.dataset?.markdown) lookSoon(target);
});

for (const area of document.querySelectorAll("textarea[data-markdown]")) {
  document.getElementById(`${area.id}-look`)?.closest("details").addEventListener("toggle", () => look(area));
}

// Whoever writes a session means that there is one.
document.addEventListener("input", ({ target }) => {
  const box = target.form?.querySelector("[data-ticked-by-typing]");
  if (!box || box.checked || box.defaultChecked || !target.matches("textarea, input:not([type=checkbox], [type=radio])")) return;
  box.checked = Boolean(target.value);
});

function putIn(button) {
  const area = document.getElementById(button.dataset.insert);
  const choice = document.getElementById(`insert_${button.dataset.insert}`);
  if (!area || !choice?.value) return Boolean(area);
  const title = choice.selectedOptions[0].text.replaceAll("[", "(").replaceAll("]", ")");
  const before = area.value.slice(0, area.selectionStart).replace(/\n*$/, "");
  const mark = `${before ? "\n\n" : ""}![${title}](resource:${choice.value})\n\n`;
  area.setRangeText(mark, before.length, area.selectionEnd, "end");
  area.focus();
  area.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
}
