// Compares a file with a fingerprint on the page. The file is read here and sent nowhere.
"use strict";
(() => {
  const place = document.querySelector("[data-compare]");
  if (!place || !window.crypto || !window.crypto.subtle) return;
  const field = place.querySelector("input[type=file]");
  const said = place.querySelector("[data-compared]");
  const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const compare = async () => {
    said.textContent = "";
    const file = field.files[0];
    if (!file) return;
    let kind = "unread";
    try {
      const digest = hex(await window.crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      kind = digest === place.dataset.compare ? "same" : "other";
    } catch {
      kind = "unread";
    }
    if (field.files[0] !== file) return;
    said.dataset.compared = kind;
    said.textContent = place.dataset[kind];
  };
  field.addEventListener("change", compare);
  place.hidden = false;
})();
