// What a browser can add to pages that work without it: the place remembered, proposed while typing, or measured.
const words = document.getElementById("words").dataset;
const KEY = "lacydon.place";
const API = "/api/v1";
const PAUSE_MS = 180;
const lang = document.documentElement.lang;

document.documentElement.classList.add("has-js");

/** The place remembered by this browser, or null: {label, citycode}. */
function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEY));
  } catch {
    return null;
  }
}

function remember(place) {
  try {
    if (place) localStorage.setItem(KEY, JSON.stringify(place));
    else localStorage.removeItem(KEY);
  } catch {
    // Storage is closed: the place is simply asked again.
  }
}

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

async function asked(path, parameters, signal) {
  const query = new URLSearchParams({ ...parameters, lang });
  const answer = await fetch(`${API}${path}?${query}`, { signal, headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

/** One field for a place: an ARIA combobox (list autocomplete, manual selection), a memory, a position. */
class PlaceField {
  constructor(input) {
    this.input = input;
    this.field = input.closest(".field");
    this.options = [];
    this.at = -1;
    this.list = element("ul", { id: `${input.id}-options`, role: "listbox", class: "options", "aria-label": words.some });
    this.list.hidden = true;
    this.said = element("span", { role: "status", class: "hide" });
    this.field.append(this.list, this.said);
    for (const [name, value] of Object.entries({
      role: "combobox", autocomplete: "off", "aria-expanded": "false", "aria-autocomplete": "list",
      "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", (event) => this.pressed(event));
    input.addEventListener("blur", () => this.close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.choose(this.options[[...this.list.children].indexOf(event.target)]));
    this.near = this.field.querySelector(".near");
    this.near?.addEventListener("click", () => this.locate());
  }

  typed() {
    this.stand(null);
    this.aborted?.abort();
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < 3) return this.close();
    this.timer = setTimeout(() => this.propose(text), PAUSE_MS);
  }

  async propose(text) {
    this.aborted = new AbortController();
    try {
      const found = await asked("/addresses", { q: text, limit: 6, autocomplete: "true" }, this.aborted.signal);
      this.show(found.features.map(({ properties }) => ({
        label: properties.type === "municipality" ? properties.city : properties.label,
        note: properties.type === "municipality" ? properties.postcode : "",
        citycode: properties.citycode,
      })));
      if (found.notice) this.said.textContent = found.notice;
    } catch (error) {
      // The field goes on working without proposals: the server reads what was typed.
      if (error.name !== "AbortError") this.close();
    }
  }

  show(options) {
    this.options = options;
    this.at = -1;
    this.list.replaceChildren(...options.map(({ label, note }, index) =>
      element("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" }, note ? `${label} (${note})` : label)));
    this.open(options.length > 0);
    this.said.textContent = options.length ? `${words.some} ${options.length}` : words.none;
  }

  open(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    if (!shown) this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.aborted?.abort();
    this.open(false);
  }

  pressed(event) {
    if (event.key === "Escape") {
      if (!this.list.hidden) event.preventDefault();
      return this.close();
    }
    if (this.list.hidden) return undefined;
    if (event.key === "Enter" && this.at >= 0) {
      event.preventDefault();
      return this.choose(this.options[this.at]);
    }
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return undefined;
    event.preventDefault();
    const count = this.options.length;
    this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.at < 0 ? 0 : -1) + count) % count;
    [...this.list.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === this.at)));
    this.input.setAttribute("aria-activedescendant", this.list.children[this.at].id);
    return undefined;
  }

  choose(place) {
    if (!place) return;
    this.input.value = place.label;
    this.stand(place);
    this.close();
  }

  /** The code the text stands for, beside it in the form: see `where` in the pages of the front door. */
  stand(place) {
    for (const name of ["citycode", "connu"]) this.field.querySelector(`[name=${name}]`)?.remove();
    if (!place) return;
    this.field.append(
      element("input", { type: "hidden", name: "citycode", value: place.citycode }),
      element("input", { type: "hidden", name: "connu", value: this.input.value }),
    );
  }

  locate() {
    this.near.setAttribute("aria-busy", "true");
    this.tell(words.looking);
    const done = (sentence) => {
      this.near.removeAttribute("aria-busy");
      this.tell(sentence);
    };
    const found = async ({ coords }) => {
      try {
        // Four decimals are ten metres: enough for a commune, and no more is sent.
        const [commune] = await asked("/communes", { lon: coords.longitude.toFixed(4), lat: coords.latitude.toFixed(4) });
        this.choose({ label: commune.nom, citycode: commune.code });
        done(commune.nom);
        this.input.focus();
      } catch (error) {
        done(error.message);
      }
    };
    if (navigator.geolocation) navigator.geolocation.getCurrentPosition(found, () => done(words.denied), { timeout: 10000, maximumAge: 60000 });
    else done(words.denied);
  }

  /** A sentence everybody sees and hears, under the field. */
  tell(sentence) {
    this.shown ??= this.field.appendChild(element("small", { role: "status" }));
    this.shown.textContent = sentence;
  }
}

const here = document.querySelector("[data-here]");
if (here) remember({ label: here.dataset.label, citycode: here.dataset.here });

const place = remembered();
const fields = [...document.querySelectorAll("[data-place]")].map((input) => new PlaceField(input));
for (const field of fields) {
  if (place?.citycode && !field.input.value && !here) field.choose(place);
}

/** Links that would ask for the place again take it along: life events, and the examples of the home page. */
const carried = [];
if (place?.citycode && fields.length && !here) {
  for (const link of document.querySelectorAll("main a[data-carry], main a[href*='/evenements-de-vie/']")) {
    const address = new URL(link.href);
    if (address.searchParams.has("citycode")) continue;
    carried.push([link, link.href]);
    address.searchParams.set("citycode", place.citycode);
    link.href = address;
  }
}

/** What is remembered is said, and can be forgotten, wherever it is used. */
if (place?.citycode && (here || fields.length)) {
  const memo = element("span", { class: "memo" });
  const forget = element("button", { type: "button", class: "link" }, words.forget);
  memo.append(element("small", {}, words.kept), forget);
  forget.addEventListener("click", () => {
    remember(null);
    for (const [link, before] of carried) link.href = before;
    for (const field of fields) {
      field.input.value = "";
      field.stand(null);
    }
    memo.setAttribute("role", "status");
    memo.replaceChildren(words.forgotten);
  });
  if (here) here.append(memo);
  else (fields[0].input.form.querySelector(".tries") ?? fields[0].input.form).append(memo);
}
