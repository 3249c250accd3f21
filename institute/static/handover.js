// Brings an answer to the platform without a press of the button: once. Whoever comes back to the page by "back" or
// loads it again decides for themselves, because some platforms would add everything a second time.

"use strict";

const answer = document.getElementById("answer");

function showSeenAgain() {
  document.querySelector("[data-at-once]").hidden = true;
  document.querySelector("[data-seen-again]").hidden = false;
}

const [arrival] = performance.getEntriesByType("navigation");
if (history.state?.handedOver || (arrival && arrival.type !== "navigate")) {
  showSeenAgain();
} else {
  history.replaceState({ handedOver: true }, "");
  answer.requestSubmit();
}

window.addEventListener("pageshow", (event) => event.persisted && showSeenAgain());
