// Documents sent as soon as they are chosen, in pieces that begin again where a cut left them (tus 1.0, see
// pages/filling/uploads.py). A page works without it: the document then goes with the form.
const said = document.getElementById("filling").dataset;
const PIECE = 512 * 1024;
const WAITS_MS = [500, 1500, 4000, 10000, 20000];
const RESUMABLE = "1.0.0";

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

const pause = ms => new Promise(done => setTimeout(done, ms));
const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

class Refused extends Error {}

/** One question about documents. */
class Documents {
  constructor(drop) {
    this.drop = drop;
    this.form = drop.closest("form");
    this.list = drop.parentElement.querySelector("[data-files]");
    this.going = 0;
    drop.classList.add("quick");
    drop.querySelector("button")?.remove();
    for (const input of drop.querySelectorAll("input[type=file]")) {
      input.addEventListener("change", () => {
        const files = [...input.files];
        input.value = "";
        this.take(files);
      });
    }
    drop.addEventListener("dragover", event => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", event => {
      event.preventDefault();
      drop.classList.remove("over");
      this.take([...event.dataTransfer.files]);
    });
    drop.append(element("p", { class: "hint" }, said.drop));
    this.form.addEventListener("submit", event => {
      if (!this.going || event.defaultPrevented) return;
      event.preventDefault();
      this.list.scrollIntoView({ block: "center" });
    });
  }

  get count() {
    return this.list.children.length;
  }

  take(files) {
    for (const file of files) {
      if (this.count >= Number(this.drop.dataset.most)) return;
      this.send(file);
    }
  }

  async send(file) {
    const line = element("li");
    const name = element("span", {}, file.name);
    const bar = element("progress", { max: String(file.size || 1), value: "0", "aria-label": `${said.sending} ${file.name}` });
    const status = element("span", { class: "hide", role: "status" }, `${said.sending} ${file.name}`);
    line.append(name, bar, status);
    this.list.append(line);
    this.room();
    this.going += 1;
    try {
      if (file.size > Number(this.drop.dataset.largest) * 1e6) throw new Refused(said.large.replace("%s", this.drop.dataset.largest));
      const { address, id } = await this.announce(file);
      const kept = await this.pieces(file, address, bar, status);
      line.replaceChildren(
        this.icon("doc"), element("span", {}, kept.name),
        element("input", { type: "hidden", name: this.drop.dataset.drop, value: id }),
        this.removal(line, address, kept.name), element("span", { class: "hide", role: "status" }, `${said.sent} ${kept.name}`),
      );
    } catch (error) {
      const again = element("button", { type: "button", class: "link" }, error instanceof Refused ? said.dismiss : said.retry);
      again.addEventListener("click", () => {
        line.remove();
        this.room();
        if (!(error instanceof Refused)) this.send(file);
      });
      line.replaceChildren(name, again, element("span", { class: "late", role: "alert" }, error instanceof Refused ? error.message : said.lost));
    } finally {
      this.going -= 1;
    }
  }

  icon(name) {
    const drawing = document.querySelector("svg.i").cloneNode(true);
    const use = drawing.querySelector("use");
    use.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#${name}`);
    return drawing;
  }

  removal(line, address, name) {
    const button = element("button", { type: "button", class: "link" }, said.remove);
    button.append(element("span", { class: "hide" }, ` ${name}`));
    button.addEventListener("click", async () => {
      await this.ask(address, { method: "DELETE" }).catch(() => {});
      line.remove();
      this.room();
      this.drop.querySelector("input")?.focus();
    });
    return button;
  }

  room() {
    this.drop.hidden = this.count >= Number(this.drop.dataset.most);
  }

  async ask(address, { method, headers = {}, body }) {
    const token = this.form.querySelector("[name=csrfmiddlewaretoken]")?.value;
    const answer = await fetch(address, {
      method, body, headers: { "Tus-Resumable": RESUMABLE, Accept: "application/json", ...(token ? { "X-CSRFToken": token } : {}), ...headers },
    });
    if (answer.status === 409 || answer.ok) return answer;
    if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
    throw new Refused((await answer.json().catch(() => ({}))).sentence ?? said.lost);
  }

  async announce(file) {
    const metadata = `field ${base64(this.drop.dataset.field)},filename ${base64(file.name)}`;
    const answer = await this.insist(() => this.ask(this.drop.dataset.uploads, {
      method: "POST", headers: { "Upload-Length": String(file.size), "Upload-Metadata": metadata },
    }));
    return { address: answer.headers.get("Location"), id: (await answer.json()).id };
  }

  async pieces(file, address, bar, status) {
    let offset = 0;
    for (;;) {
      let answer = await this.insist(async again => {
        if (again) offset = Number((await this.ask(address, { method: "HEAD" })).headers.get("Upload-Offset"));
        if (offset >= file.size) return this.ask(address, { method: "GET" });
        return this.ask(address, {
          method: "PATCH", body: file.slice(offset, offset + PIECE),
          headers: { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
        });
      });
      offset = Number(answer.headers.get("Upload-Offset"));
      bar.value = offset;
      if (answer.status === 409) continue;
      const told = await answer.json();
      if (told.ready) return told;
      status.textContent = `${Math.round((100 * offset) / file.size)} %`;
    }
  }

  /** Tries again what a bad network broke, later and later; what is refused is refused. */
  async insist(act) {
    for (let turn = 0; ; turn += 1) {
      try {
        return await act(turn > 0);
      } catch (error) {
        if (error instanceof Refused || turn >= WAITS_MS.length) throw error;
        await pause(WAITS_MS[turn]);
      }
    }
  }
}

for (const drop of document.querySelectorAll("[data-uploads]")) new Documents(drop);
