// The page that answers a platform's registration: it tells the platform that it may close the page.

"use strict";

const READING_MS = 4000;
const platform = window.opener ?? (window.parent === window ? null : window.parent);
const button = document.querySelector("[data-lti-close]");

function close() {
  // Any origin may hear this: it says nothing but that the page is done.
  platform.postMessage({ subject: "org.imsglobal.lti.close" }, "*");
}

if (platform && button) {
  button.hidden = false;
  document.querySelector("[data-lti-closing]").hidden = true;
  button.addEventListener("click", close);
  if (button.dataset.ltiClose === "soon") setTimeout(close, READING_MS);
}
