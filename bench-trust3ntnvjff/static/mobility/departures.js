// Departures that refresh themselves: only while somebody looks, for a quarter of an hour, and saying when they cannot.
const SECOND = 1000;
const MINUTE = 60;

class StopBoard extends HTMLElement {
  connectedCallback() {
    this.address = this.dataset.address;
    if (!this.address) return;
    this.said = document.createElement("p");
    this.said.className = "hide";
    this.said.setAttribute("role", "status");
    this.state = document.createElement("p");
    this.state.className = "bd-at";
    this.state.setAttribute("role", "status");
    this.button = document.createElement("button");
    this.button.type = "button";
    this.button.className = "link";
    this.button.addEventListener("click", () => (this.running ? this.stop() : this.start()));
    this.after(this.said, this.state);
    if (this.dataset.pause) this.state.after(this.button);
    this.taken();
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.running && this.refresh());
    addEventListener("online", () => this.running && this.refresh());
    addEventListener("offline", () => this.lost());
    setInterval(() => this.tick(), 5 * SECOND);
    this.start();
  }

  start() {
    this.until = Date.now() + Number(this.dataset.longest) * MINUTE * SECOND;
    this.running = true;
    this.state.textContent = "";
    this.button.textContent = this.dataset.pause ?? "";
    if (Date.now() - this.at > Number(this.dataset.every) * SECOND) this.refresh();
  }

  stop(why = "") {
    this.running = false;
    this.button.textContent = this.dataset.resume;
    this.state.textContent = why;
  }

  tick() {
    this.count();
    const clock = document.querySelector("[data-clock]");
    if (clock) clock.textContent = new Date(Date.now() + this.shift).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (!this.running || document.visibilityState !== "visible") return;
    if (Date.now() > this.until) this.stop(this.dataset.paused);
    else if (Date.now() - this.asked >= Number(this.dataset.every) * SECOND) this.refresh();
  }

  async refresh() {
    this.asked = Date.now();
    try {
      const answer = await fetch(this.address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(8 * SECOND) });
      if (!answer.ok) throw new Error(answer.statusText);
      const held = document.activeElement?.closest("stop-board") === this ? document.activeElement.getAttribute("href") : null;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.replaceChildren(...fresh.body.childNodes);
      if (held) this.querySelector(`a[href="${CSS.escape(held)}"]`)?.focus();
      this.taken();
      this.classList.remove("bd-old");
      if (this.running) this.state.textContent = "";
    } catch {
      this.lost();
    }
  }

  /** What was received: when, and what to say aloud if the next departure is not the same as before. */
  taken() {
    const board = this.querySelector("[data-now]");
    this.at = this.asked = Date.now();
    this.shift = Number(board.dataset.now) * SECOND - this.at;
    const next = board.dataset.next;
    if (this.next !== undefined && next !== this.next) this.said.textContent = next;
    this.next = next;
  }

  /** The last rows stay, with their hour; minutes go on. */
  lost() {
    this.classList.add("bd-old");
    const at = new Date(this.at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    this.state.textContent = `${this.dataset.offline} ${at}`;
  }

  count() {
    const now = (Date.now() + this.shift) / SECOND;
    for (const time of this.querySelectorAll("time[data-at]")) {
      const left = Math.floor((Number(time.dataset.at) - now) / MINUTE);
      const gone = left < -1;
      time.textContent = gone ? this.dataset.gone : left < 1 ? this.dataset.now : `${left} ${this.dataset.min}`;
      time.parentElement.classList.toggle("gone", gone);
    }
  }
}

customElements.define("stop-board", StopBoard);

/** « Autour de moi »: the position is asked for when the button is pressed, rounded to a hundred metres, and sent in the
 * body of the form: no address of a page holds it. */
const around = document.querySelector("[data-around]");
around?.addEventListener("click", () => {
  const told = around.form.querySelector("[role=status]");
  const denied = () => {
    around.removeAttribute("aria-busy");
    told.textContent = around.dataset.denied;
  };
  if (!navigator.geolocation) return denied();
  around.setAttribute("aria-busy", "true");
  told.textContent = around.dataset.looking;
  navigator.geolocation.getCurrentPosition(
    ({ coords }) => {
      around.form.elements.lon.value = coords.longitude.toFixed(3);
      around.form.elements.lat.value = coords.latitude.toFixed(3);
      around.form.submit();
    },
    denied,
    { timeout: 10 * SECOND, maximumAge: MINUTE * SECOND },
  );
});
