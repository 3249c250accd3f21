// The door inside another page's frame, where the browser brings no cookie by itself. The page's #door says what to do:
// "keep" has the platform's window keep a proof and goes on, "prove" gets it back and sends the launch again, "resume" sends
// it again once cookies may be used, "offer" lets the person allow that. What fails leads to a new window.

"use strict";

const PATIENCE_MS = 2000;
const door = document.getElementById("door");
const form = door?.querySelector("form");

// Ask another window, and wait for its answer: from that very window and, if one is named, from that origin.
function ask(target, origin, message) {
  const id = crypto.getRandomValues(new Uint32Array(4)).join("-");
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      window.removeEventListener("message", hear);
    };
    const hear = ({ source, origin: from, data }) => {
      if (source !== target || (origin !== "*" && from !== origin)) return;
      if (data?.message_id !== id || data.subject !== `${message.subject}.response`) return;
      stop();
      if (data.error) reject(new Error(data.error.code ?? "refused"));
      else resolve(data);
    };
    const timer = setTimeout(() => {
      stop();
      reject(new Error("no answer"));
    }, PATIENCE_MS);
    window.addEventListener("message", hear);
    target.postMessage({ ...message, message_id: id }, origin);
  });
}

// The frame of a name that stands beside this one, or beside one of the pages around it.
function named(name) {
  if (name === "_parent") return window.parent;
  for (let page = window; page !== page.parent; ) {
    page = page.parent;
    try {
      if (page[name]?.window === page[name] && page[name]) return page[name];
    } catch {
      // A page of another origin has no frame of this name.
    }
  }
  return null;
}

// Where the named frame is missing, the page around may say which one it has.
async function storage(subject) {
  if (window === window.parent) throw new Error("no frame");
  const found = named(door.dataset.target);
  if (found) return found;
  const { supported_messages: known } = await ask(window.parent, "*", { subject: "lti.capabilities" });
  const frame = known?.find?.((one) => one.subject === subject)?.frame;
  const other = frame ? named(frame) : window.parent;
  if (!other) throw new Error("no frame");
  return other;
}

async function keep() {
  const { key, value, origin } = door.dataset;
  let kept;
  try {
    const keeper = await storage("lti.put_data");
    await ask(keeper, origin, { subject: "lti.put_data", key, value });
    kept = await ask(keeper, origin, { subject: "lti.get_data", key });
  } catch {
    // Then another way, before the platform is asked: it may answer a login only once.
  }
  location.replace(kept?.value === value ? door.dataset.next : door.dataset.other);
}

async function prove() {
  const { key, origin } = door.dataset;
  const message = { subject: "lti.get_data", key };
  try {
    const answer = await ask(await storage(message.subject), origin, message);
    if (typeof answer.value === "string") form.elements[form.dataset.proof].value = answer.value;
  } catch {
    // Sent without a proof it is refused, and a window offered.
  }
  form.submit();
}

// Most browsers ask the person, and only after a tap; where they were asked before, it goes by itself.
function offerLeave(goOn, giveUp) {
  const offered = door.querySelectorAll("[data-leave]");
  const main = door.querySelector(".btn-primary:not([data-leave])");
  const swap = (...kinds) => main && kinds.forEach((kind) => main.classList.toggle(kind));
  const button = door.querySelector("button[data-leave]");
  const wasMain = button.classList.contains("btn-primary");
  const show = (shown) => {
    for (const piece of offered) piece.hidden = !shown;
    if (wasMain) return;
    swap("btn-primary", "btn-outline-primary");
    button.classList.toggle("btn-primary", shown);
    button.classList.toggle("btn-outline-primary", !shown);
    if (shown) button.parentElement.prepend(button);
  };
  show(true);
  button.addEventListener("click", async () => {
    try {
      await document.requestStorageAccess();
    } catch {
      show(false);
      giveUp();
      return;
    }
    goOn();
  });
}

async function isAllowed() {
  try {
    return (await navigator.permissions.query({ name: "storage-access" })).state === "granted";
  } catch {
    return false;
  }
}

const canAsk = () => window !== window.top && "requestStorageAccess" in document;

async function resume() {
  try {
    await document.requestStorageAccess();
    form.submit();
  } catch {
    offerLeave(() => form.submit(), () => form.submit());
  }
}

async function offer() {
  if (!canAsk()) return;
  const goOn = () => {
    if (!form) return location.replace(door.dataset.next);
    form.target = "_self";
    form.submit();
  };
  if (await isAllowed()) {
    try {
      await document.requestStorageAccess();
      goOn();
      return;
    } catch {
      // Then by a tap.
    }
  }
  const refused = door.querySelector("[data-refused]");
  offerLeave(goOn, () => (refused.hidden = false));
}

const steps = { keep, prove, resume, offer };
steps[door?.dataset.step]?.();
