/* Players: keys, speed, marks that jump, the time of a comment, and comments that do not leave the page.
   Without this file the browser's own player, the links (#t=) and the forms do the same work. */
(() => {
  "use strict";
  const STEP = 5, PICTURE = 1 / 30;
  const clock = (seconds) => {
    const whole = Math.max(0, Math.floor(seconds)), two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600), minutes = Math.floor(whole / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  };
  const writes = (target) => target.matches("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

  function begin(player) {
    const media = player.querySelector("[data-media]"), stage = player.querySelector("[data-stage]");
    player.addEventListener("submit", say);
    if (!media) return;
    for (const part of player.querySelectorAll("[data-with-script]")) part.hidden = false;
    const speed = player.querySelector("[data-speed]");
    const length = () => (Number.isFinite(media.duration) ? media.duration : Number(player.dataset.length || 0) / 1000);
    let typed = false; // the time of the comment is the reader's own once they wrote it

    const show = () => {
      player.querySelector("[data-now]").textContent = clock(media.currentTime);
      const share = length() ? Math.min(1, media.currentTime / length()) : 0, done = player.querySelector("[data-done]");
      done.setAttribute("width", `${100 * share}%`);
      if (document.documentElement.dir === "rtl") done.setAttribute("x", `${100 - 100 * share}%`);
      const field = player.querySelector("[data-at-field]");
      if (field && !typed && document.activeElement !== field && !field.hasAttribute("aria-invalid")) field.value = clock(media.currentTime);
      const button = player.querySelector("[data-say-button]");
      if (button && field && button.dataset.words) button.querySelector("span").textContent = button.dataset.words.replace("{time}", field.value);
    };
    const go = (seconds) => {
      const end = length();
      media.currentTime = Math.max(0, end ? Math.min(end, seconds) : seconds);
      show();
    };
    const faster = (by) => {
      const at = speed.selectedIndex + by;
      if (at < 0 || at >= speed.options.length) return;
      speed.selectedIndex = at;
      media.playbackRate = Number(speed.value);
    };
    const write = () => {
      const field = player.querySelector("form.ci-say textarea");
      if (!field) return;
      media.pause();
      typed = false;
      show();
      typed = true; // from here on it stays where the reader stopped
      field.focus();
    };

    media.addEventListener("timeupdate", show);
    player.addEventListener("said", (event) => { if (event.detail) typed = false; show(); });
    media.addEventListener("seeked", () => { typed = false; show(); });
    media.addEventListener("play", () => { typed = false; });
    media.addEventListener("loadedmetadata", () => { show(); fromAddress(); });
    speed.addEventListener("change", () => { media.playbackRate = Number(speed.value); });
    player.addEventListener("input", (event) => { if (event.target.matches("[data-at-field]")) { typed = true; show(); } });
    player.addEventListener("focusin", (event) => { if (event.target.matches("form.ci-say textarea") && !typed) { media.pause(); show(); typed = true; } });
    player.addEventListener("click", (event) => {
      const link = event.target.closest("[data-at]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      go(Number(link.dataset.at));
      stage.focus({ preventScroll: false });
    });
    stage.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || writes(event.target)) return;
      const native = event.target === media, link = event.target.closest("a, button");
      const keys = {
        ",": () => { media.pause(); go(media.currentTime - PICTURE); },
        ".": () => { media.pause(); go(media.currentTime + PICTURE); },
        "<": () => faster(-1),
        ">": () => faster(1),
        n: write,
        N: write,
      };
      // The browser's own player has these already, for whatever of it has the focus.
      if (!native && !link) {
        keys[" "] = () => (media.paused ? media.play() : media.pause());
        keys.ArrowLeft = () => go(media.currentTime - STEP);
        keys.ArrowRight = () => go(media.currentTime + STEP);
      }
      const act = keys[event.key];
      if (!act) return;
      event.preventDefault();
      event.stopPropagation();
      act();
    });

    function fromAddress() {
      const found = /^#t=(\d+(?:\.\d+)?)$/.exec(location.hash);
      if (found) go(Number(found[1]));
    }
    window.addEventListener("hashchange", fromAddress);
    if (media.readyState > 0) { show(); fromAddress(); }
  }

  /* Send what was said and renew the parts of the player that say it; the recording goes on meanwhile. */
  async function say(event) {
    const form = event.target, player = event.currentTarget;
    if (!form.matches("[data-say]") || !window.fetch) return;
    event.preventDefault();
    const button = event.submitter || form.querySelector("button"), part = form.closest("[data-said]");
    const body = new FormData(form);
    body.append("part", "1");
    button.disabled = true;
    try {
      const answer = await fetch(form.action, { method: "POST", body, credentials: "same-origin" });
      if (answer.status !== 200 && answer.status !== 422) throw new Error(String(answer.status));
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(player.id);
      if (!fresh) { location.reload(); return; } // it was hidden meanwhile
      for (const one of fresh.querySelectorAll("[data-said]")) {
        const old = document.getElementById(one.id);
        if (old && (one.id === part.id || !old.querySelector("textarea:focus"))) old.replaceWith(document.adoptNode(one));
      }
      const marks = fresh.querySelector("[data-scrub]"), line = player.querySelector("[data-scrub]");
      if (marks && line) {
        const done = line.querySelector("[data-done]"), next = marks.querySelector("[data-done]");
        for (const name of ["x", "width"]) next.setAttribute(name, done.getAttribute(name));
        line.replaceWith(document.adoptNode(marks));
      }
      player.dispatchEvent(new CustomEvent("said", { detail: answer.status === 200 }));
      const here = document.getElementById(part.id), wrong = here.querySelector("[aria-invalid], .ci-error");
      if (answer.status === 422 && wrong) (wrong.matches("input, textarea") ? wrong : wrong.closest("fieldset, div").querySelector("input, textarea") || wrong).focus();
      else (player.querySelector("[data-stage]") || here).focus();
    } catch {
      button.disabled = false;
      form.removeEventListener("submit", say);
      form.submit(); // the whole page says what is wrong
    }
  }

  for (const player of document.querySelectorAll("[data-player]")) begin(player);
})();
