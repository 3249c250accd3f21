// Files travel as soon as they are chosen, in pieces, each with its checksum (tus 1.0.0; vendor/tus.min.js speaks it).
//
// <div data-upload> as macros/upload.html writes it: a file field and a list of what is on its way. A file that has
// arrived and was found good leaves a hidden field "upload" with its id; the form waits for what is still moving. After the
// connection broke it goes on by itself; after the page was closed, once the same file is chosen again. All sentences come
// from the field.

"use strict";

(() => {
  const MEGABYTE = 1048576;
  const AGAIN = [0, 1000, 3000, 5000];
  const LATER = 5000;
  const PASSING = [0, 409, 423, 429, 460, 500, 502, 503, 504]; // refusals that may be over soon
  const KEPT = "ci-upload:";
  const format = new Intl.NumberFormat(document.documentElement.lang || undefined, { maximumFractionDigits: 1 });

  // Which file of this device an upload is of: a name and a size alone could be those of a newer version.
  const marks = {
    of: (file) => `${file.size}:${file.lastModified}`,
    read(id) {
      try {
        return localStorage.getItem(KEPT + id);
      } catch {
        return null; // nothing is kept here
      }
    },
    write(id, file) {
      try {
        localStorage.setItem(KEPT + id, marks.of(file));
      } catch {
        // nothing is kept here
      }
    },
    drop(id) {
      try {
        localStorage.removeItem(KEPT + id);
      } catch {
        // nothing was kept
      }
    },
  };

  // Requests whose pieces carry their SHA-256: a piece that was damaged on its way is sent again.
  class CheckedStack {
    #plain = new tus.DefaultHttpStack();

    getName() {
      return "CheckedStack";
    }

    createRequest(method, url) {
      const request = this.#plain.createRequest(method, url);
      if (method !== "PATCH" || !window.crypto?.subtle) return request;
      const [send, abort] = [request.send.bind(request), request.abort.bind(request)];
      let gone = false;
      request.abort = () => {
        gone = true;
        return abort();
      };
      request.send = async (body) => {
        const digest = await crypto.subtle.digest("SHA-256", await body.arrayBuffer());
        if (gone) return new Promise(() => {});
        request.setHeader("Upload-Checksum", `sha256 ${btoa(String.fromCharCode(...new Uint8Array(digest)))}`);
        return send(body);
      };
      return request;
    }
  }

  const saidBy = (response) => {
    try {
      return JSON.parse(response.getBody()).said;
    } catch {
      return "";
    }
  };

  class Field {
    constructor(root) {
      this.root = root;
      this.words = root.dataset;
      this.form = root.closest("form");
      this.input = root.querySelector("input[type=file]");
      this.list = root.querySelector("ul");
      this.status = root.querySelector("[role=status]");
      this.aloud = root.querySelector("[data-aloud]"); // what stands in a line already, for who listens
      this.token = this.form.querySelector("input[name=_token]").value;
      this.sendings = new Set();
      delete this.input.dataset.largest; // a limit of files that come with their form
      this.input.addEventListener("change", () => this.choose());
      this.form.addEventListener("submit", (event) => this.hold(event), true);
      window.addEventListener("online", () => this.sendings.forEach((one) => one.retry()));
      for (const line of this.list.children) new Line(this, line);
    }

    say(text) {
      this.status.textContent = text;
    }

    choose() {
      const files = [...this.input.files];
      this.input.value = "";
      this.say("");
      for (const file of files) {
        const line = this.lineOf(file);
        const medium = /^(video|audio)\//.test(file.type);
        const most = Number(medium ? this.words.largestMedium : this.words.largestDocument);
        if (!line && this.list.querySelectorAll("li:not([data-state=failed])").length >= Number(this.words.room)) {
          this.say(this.words.tooMany);
        } else if (file.size > most) {
          this.say(this.words.tooLarge.replace("{file}", file.name).replace("{most}", format.format(most / MEGABYTE)));
        } else {
          new Sending(this, line ?? Line.make(this, file), file).start();
        }
      }
    }

    // The line of an upload that was begun with this file and waits for it.
    lineOf(file) {
      const line = [...this.list.children].find(
        (one) =>
          one.dataset.state === "arriving" &&
          !one.line.sending &&
          Number(one.dataset.length) === file.size &&
          [marks.of(file), null].includes(marks.read(one.dataset.id)) &&
          (marks.read(one.dataset.id) || one.dataset.name === file.name),
      );
      return line?.line;
    }

    hold(event) {
      const moving = [...this.sendings].filter((one) => one.moving || one.paused);
      if (!moving.length) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      moving.forEach((one) => one.paused && one.resume());
      this.submitter = event.submitter;
      this.waits = true;
      this.say(this.words.held);
    }

    settled() {
      if (!this.waits || [...this.sendings].some((one) => one.moving)) return;
      this.waits = false;
      this.say("");
      if (![...this.sendings].some((one) => one.failed)) this.form.requestSubmit(this.submitter);
    }
  }

  // One file in the list: its name, how far it is, and what can be done about it.
  class Line {
    static make(field, file) {
      const item = document.createElement("li");
      item.dataset.name = file.name;
      item.dataset.length = file.size;
      const name = document.createElement("bdi");
      name.className = "ci-file-name";
      name.textContent = file.name;
      const said = document.createElement("span");
      said.className = "ci-soft ci-sm ci-upload-said";
      item.append(name, " ", said);
      field.list.append(item);
      field.list.hidden = false;
      return new Line(field, item);
    }

    constructor(field, item) {
      [this.field, this.item] = [field, item];
      item.line = this;
      this.said = item.querySelector(".ci-upload-said");
      this.bar = document.createElement("progress");
      this.bar.max = Number(item.dataset.length);
      this.bar.setAttribute("aria-label", item.dataset.name);
      this.bar.hidden = true;
      this.buttons = document.createElement("span");
      this.buttons.className = "ci-upload-buttons";
      item.append(this.bar, this.buttons);
      this.offer({ remove: () => this.remove() });
      if (item.dataset.state === "arriving") this.tell("again", Number(item.dataset.received));
    }

    get url() {
      return this.item.dataset.id ? this.field.words.url + this.item.dataset.id : null;
    }

    offer(actions) {
      this.buttons.replaceChildren(
        ...Object.entries(actions).map(([name, act]) => {
          const button = document.createElement("button");
          button.type = "button";
          button.className = "btn btn-link";
          button.textContent = this.field.words[name];
          button.setAttribute("aria-label", `${this.field.words[name]}: ${this.item.dataset.name}`);
          button.addEventListener("click", act);
          return button;
        }),
      );
    }

    tell(word, done) {
      const whole = Number(this.item.dataset.length);
      this.said.textContent = this.field.words[word]
        .replace("{done}", format.format(done / MEGABYTE))
        .replace("{whole}", format.format(whole / MEGABYTE));
      this.bar.hidden = ["ready", "failed", "again"].includes(word);
      this.bar.value = done;
    }

    fail(text) {
      this.item.dataset.state = "failed";
      this.tell("failed", 0);
      if (text) this.said.textContent = text;
      this.said.classList.replace("ci-soft", "ci-stop");
      this.offer({ remove: () => this.remove() });
    }

    async remove() {
      this.sending?.end();
      const { id } = this.item.dataset;
      this.item.remove();
      this.field.list.hidden = !this.field.list.children.length;
      this.field.input.focus();
      if (!id) return;
      marks.drop(id);
      const headers = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": this.field.token };
      await fetch(this.field.words.url + id, { method: "DELETE", headers }).catch(() => {}); // it expires by itself
    }
  }

  class Sending {
    constructor(field, line, file) {
      Object.assign(this, { field, line, file, done: Number(line.item.dataset.received ?? 0) });
      line.sending = this;
      field.sendings.add(this);
      this.upload = new tus.Upload(file, {
        endpoint: field.words.url,
        uploadUrl: line.url,
        chunkSize: Number(field.words.piece),
        retryDelays: AGAIN,
        httpStack: new CheckedStack(),
        headers: { "X-CSRF-Token": field.token },
        metadata: { filename: file.name, offer: field.words.offer },
        storeFingerprintForResuming: false,
        onUploadUrlAvailable: () => this.began(),
        onShouldRetry: (error) => this.mayPass(error),
        onProgress: (sent) => this.moved(sent),
        onSuccess: () => this.check(),
        onError: (error) => this.broke(error),
      });
    }

    began() {
      const id = new URL(this.upload.url, location.href).pathname.split("/").pop();
      this.line.item.dataset.id = id;
      marks.write(id, this.file);
    }

    start() {
      this.paused = this.waiting = false;
      this.moving = true;
      this.line.item.dataset.state = "arriving";
      this.line.tell("arriving", this.done);
      this.line.offer({ pause: () => this.pause(), remove: () => this.line.remove() });
      this.upload.start();
    }

    moved(sent) {
      if (!this.moving) return;
      this.done = sent;
      this.line.tell("arriving", sent);
    }

    pause() {
      this.paused = true;
      this.moving = false;
      this.upload.abort();
      this.line.tell("paused", this.done);
      this.line.offer({ goOn: () => this.resume(), remove: () => this.line.remove() });
      this.line.buttons.firstChild.focus();
    }

    resume() {
      this.start();
      this.line.buttons.firstChild.focus();
    }

    // A passing trouble is tried again at once and some times more, but not while the device knows that it is offline.
    mayPass(error) {
      if (navigator.onLine === false || !PASSING.includes(error.originalResponse?.getStatus() ?? 0)) return false;
      this.line.tell("waiting", this.done);
      return true;
    }

    // The connection is gone: wait for it, and look now and then.
    broke(error) {
      const response = error.originalResponse;
      if (!PASSING.includes(response?.getStatus() ?? 0)) {
        this.refuse(response && saidBy(response));
        return;
      }
      this.waiting = true;
      this.line.tell("waiting", this.done);
      setTimeout(() => this.retry(), LATER);
    }

    retry() {
      if (!this.waiting || !this.moving) return;
      this.waiting = false;
      this.upload.start();
    }

    async check() {
      this.line.tell("checking", this.file.size);
      try {
        const answer = await fetch(`${this.line.url}/state`);
        const found = await answer.json();
        if (found.state === "ready") this.ready(found.name);
        else this.refuse(found.said);
      } catch {
        setTimeout(() => this.check(), LATER);
      }
    }

    ready(name) {
      this.moving = false;
      this.field.sendings.delete(this);
      const { item } = this.line;
      marks.drop(item.dataset.id);
      const mark = document.createElement("input");
      Object.assign(mark, { type: "hidden", name: "upload", value: item.dataset.id });
      item.dataset.state = "ready";
      item.querySelector("bdi").textContent = name;
      item.prepend(mark);
      this.line.tell("ready", this.file.size);
      this.line.offer({ remove: () => this.line.remove() });
      this.field.aloud.textContent = `${name}: ${this.field.words.ready}`;
      this.field.settled();
    }

    refuse(text) {
      this.moving = false;
      this.failed = true;
      this.line.fail(text);
      this.field.aloud.textContent = this.line.said.textContent;
      this.field.settled();
    }

    end() {
      this.moving = this.paused = false;
      this.upload.abort();
      this.field.sendings.delete(this);
      this.field.settled();
    }
  }

  if (window.tus?.isSupported) document.querySelectorAll("[data-upload]").forEach((root) => new Field(root));
})();
