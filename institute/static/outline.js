// The outline of a programme: parts move without the page being left, by button or by dragging, and where a part stands
// now is read out. Without this the same buttons send the form. And on a module's page: whether its segments add up.
// A block of its own: the pages have other scripts beside this one.

"use strict";

{
  const FORM = "outline-form";
  const said = () => document.getElementById("outline-said");

  // Put the list that came back in place of this one; the pressed button keeps the focus, or its neighbour where it has
  // none to go to any more.
  function takeOver(page, part, way) {
    const fresh = page.getElementById("outline");
    const own = document.getElementById("outline");
    if (!fresh || !own) return false;
    own.replaceWith(document.adoptNode(fresh));
    const top = page.getElementById("outline-top");
    if (top) document.getElementById("outline-top")?.replaceWith(document.adoptNode(top));
    const row = document.querySelector(`[data-part="${part}"]`);
    const button = row?.querySelector(`button[name=to][value="${way}"]`) ?? row?.querySelector("button[name=to]");
    button?.focus();
    row?.scrollIntoView({ block: "nearest" });
    const sentence = page.querySelector(".ci-banner[role=status], .ci-banner[role=alert]");
    if (said()) said().textContent = sentence?.textContent.trim() ?? "";
    prepare();
    return true;
  }

  async function move(form, address, fields, part, way) {
    const body = new URLSearchParams(new FormData(form));
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    try {
      const answer = await fetch(address, {
        method: "POST",
        body,
        headers: { "X-Requested-With": "fetch" },
        credentials: "same-origin",
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (answer.ok && takeOver(page, part, way)) return;
    } catch {
      // offline, or something in between: the plain way says what is wrong
    }
    const hidden = Object.entries(fields).map(([name, value]) => {
      const input = document.createElement("input");
      Object.assign(input, { type: "hidden", name, value });
      return input;
    });
    form.append(...hidden);
    form.action = address;
    form.submit();
  }

  document.addEventListener(
    "submit",
    (event) => {
      const button = event.submitter;
      if (event.target.id !== FORM || button?.name !== "to") return;
      event.preventDefault();
      const part = button.closest("[data-part]").dataset.part;
      move(event.target, button.formAction, { to: button.value }, part, button.value);
    },
    { capture: true },
  );

  // Dragging: by the handle, within the list or into another module.

  let dragged = null;

  function spotOf(event) {
    const row = event.target.closest?.("[data-part]");
    if (!dragged || !row || row === dragged || dragged.contains(row)) return null;
    const kind = dragged.dataset.kind;
    if (row.dataset.kind === kind) {
      const line = row.querySelector(".ci-part").getBoundingClientRect();
      return { row, to: event.clientY < line.top + line.height / 2 ? "before" : "after" };
    }
    if (kind === "segment") return { row, to: "into" };
    const module = row.closest("[data-kind=module]");
    return module && module !== dragged ? { row: module, to: "after" } : null;
  }

  function mark(spot) {
    for (const row of document.querySelectorAll("[data-drop]")) delete row.dataset.drop;
    if (spot) spot.row.dataset.drop = spot.to;
  }

  function prepare() {
    const form = document.getElementById(FORM);
    for (const row of form?.querySelectorAll("[data-part]:not([data-fixed])") ?? []) {
      const grip = row.querySelector(".ci-grip");
      grip.draggable = true;
      grip.title = form.dataset.drag;
    }
  }

  document.addEventListener("dragstart", (event) => {
    const grip = event.target.closest?.(".ci-grip");
    if (!grip) return;
    dragged = grip.closest("[data-part]");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "");
    event.dataTransfer.setDragImage(dragged.querySelector(".ci-part"), 20, 20);
    dragged.dataset.dragged = "";
  });

  document.addEventListener("dragover", (event) => {
    const spot = spotOf(event);
    if (dragged) mark(spot);
    if (spot) event.preventDefault();
  });

  document.addEventListener("drop", (event) => {
    const spot = spotOf(event);
    if (!spot) return;
    event.preventDefault();
    const part = dragged.dataset.part;
    const address = dragged.querySelector("button[name=to]").formAction;
    move(document.getElementById(FORM), address, { to: spot.to, target: spot.row.dataset.part }, part, "up");
  });

  document.addEventListener("dragend", () => {
    mark(null);
    if (dragged) delete dragged.dataset.dragged;
    dragged = null;
  });

  prepare();

  // A module's minutes beside those of its segments, while they are typed.

  for (const sum of document.querySelectorAll("[data-sum]")) {
    const fields = ["least", "most"].map((end) => document.getElementById(`${sum.dataset.sum}_${end}`));
    const word = sum.querySelector("[role=status]");
    const check = () => {
      const [least, most] = fields.map((field) => Number(field.value.trim() || 0));
      const agrees = most === Number(sum.dataset.most) && (least === 0 || least === Number(sum.dataset.least));
      const text = agrees ? "" : sum.dataset.differs;
      if (word.textContent.trim() !== text) word.textContent = text;
    };
    for (const field of fields) field.addEventListener("input", check);
  }
}
