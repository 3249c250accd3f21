// The tool in the frame says that it has registered: back to the list of tools.
"use strict";
const frame = document.querySelector("iframe.tool");

window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow || event.origin !== frame.dataset.origin) return;
  if (event.data && event.data.subject === "org.imsglobal.lti.close") {
    window.location.assign(document.getElementById("done").href);
  }
});
