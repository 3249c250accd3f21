// Platform storage: keeps small texts for tools, for each tool's origin apart, as long as this tab lives.
"use strict";
const origins = new Set(JSON.parse(document.body.dataset.origins));
const frame = document.body.dataset.frame;
const LONGEST_KEY = 500;
const LONGEST_VALUE = 4096;
const MOST_KEYS = 500;

class Refusal extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

function checkText(data, name, longest) {
  const value = data[name];
  if (typeof value !== "string" || value.length > longest) {
    throw new Refusal("bad_request", `${name} must be a text of at most ${longest} characters.`);
  }
  return value;
}

function put(data, origin) {
  const key = checkText(data, "key", LONGEST_KEY);
  const place = `lti ${origin} ${key}`;
  if (data.value === null || data.value === undefined) {
    sessionStorage.removeItem(place);
    return { key };
  }
  const value = checkText(data, "value", LONGEST_VALUE);
  const kept = Object.keys(sessionStorage).filter((name) => name.startsWith(`lti ${origin} `));
  if (kept.length >= MOST_KEYS && !kept.includes(place)) {
    throw new Refusal("storage_exhaustion", "There is no room for another key.");
  }
  sessionStorage.setItem(place, value);
  return { key, value };
}

function get(data, origin) {
  const key = checkText(data, "key", LONGEST_KEY);
  return { key, value: sessionStorage.getItem(`lti ${origin} ${key}`) };
}

function list() {
  return {
    supported_messages: [
      { subject: "lti.capabilities" },
      { subject: "lti.put_data", frame },
      { subject: "lti.get_data", frame },
    ],
  };
}

const answers = { "lti.capabilities": list, "lti.put_data": put, "lti.get_data": get };

function answer(data, origin) {
  if (!origins.has(origin)) {
    throw new Refusal("wrong_origin", "Only the tools of this platform are served here.");
  }
  if (!(data.subject in answers)) {
    throw new Refusal("unsupported_subject", "This frame knows lti.capabilities, lti.put_data and lti.get_data.");
  }
  return answers[data.subject](data, origin);
}

window.addEventListener("message", (event) => {
  const data = event.data;
  if (typeof data !== "object" || data === null || typeof data.subject !== "string") return;
  if (!data.subject.startsWith("lti.") || data.subject.endsWith(".response") || event.source === window) return;
  const reply = { subject: `${data.subject}.response`, message_id: data.message_id };
  try {
    checkText(data, "message_id", LONGEST_KEY);
    Object.assign(reply, answer(data, event.origin));
  } catch (error) {
    reply.error = { code: error.code || "bad_request", message: error.message };
  }
  event.source.postMessage(reply, event.origin === "null" ? "*" : event.origin);
});
