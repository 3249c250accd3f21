// Tells a tool in a frame of this page where its data can be kept: in the frame of that name, not here.
"use strict";
const storage = document.querySelector("iframe.storage");

window.addEventListener("message", (event) => {
  const data = event.data;
  if (typeof data !== "object" || data === null || typeof data.subject !== "string") return;
  if (!data.subject.startsWith("lti.") || data.subject.endsWith(".response")) return;
  const reply = { subject: `${data.subject}.response`, message_id: data.message_id };
  const frame = storage.name;
  if (data.subject === "lti.capabilities") {
    reply.supported_messages = [
      { subject: "lti.capabilities" },
      { subject: "lti.put_data", frame },
      { subject: "lti.get_data", frame },
    ];
  } else {
    reply.error = { code: "unsupported_subject", message: `Send this to the frame ${frame}.` };
  }
  event.source.postMessage(reply, event.origin === "null" ? "*" : event.origin);
});
