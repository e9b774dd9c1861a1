// What a browser adds to the pages of a form, which work without it: addresses proposed while typing, one's position,
// a signature drawn. The server looks for what was typed all the same.
const API = "/api/v1";
const PAUSE_MS = 180;
const lang = document.documentElement.lang;
const words = document.getElementById("words").dataset;
const said = document.getElementById("filling").dataset;

function element(name, attributes = {}, text = "") {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.textContent = text;
  return made;
}

async function asked(path, parameters, signal) {
  const answer = await fetch(`${API}${path}?${new URLSearchParams({ ...parameters, lang })}`, { signal, headers: { Accept: "application/json" } });
  const body = await answer.json();
  if (!answer.ok) throw new Error(body.detail);
  return body;
}

/** An address or a place: an ARIA combobox; what is chosen goes in the hidden fields beside it. */
class WhereField {
  constructor(input) {
    this.input = input;
    this.box = input.closest(".q");
    this.options = [];
    this.at = -1;
    this.list = element("ul", { id: `${input.id}-options`, role: "listbox", class: "options", "aria-label": words.some });
    this.list.hidden = true;
    this.status = element("span", { role: "status", class: "hide" });
    const around = element("div", { class: "field" });
    input.replaceWith(around);
    around.append(input, this.list, this.status);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-expanded": "false", "aria-autocomplete": "list", "aria-controls": this.list.id,
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.typed());
    input.addEventListener("keydown", event => this.pressed(event));
    input.addEventListener("blur", () => this.open(false));
    this.list.addEventListener("pointerdown", event => event.preventDefault());
    this.list.addEventListener("click", event => this.choose(this.options[[...this.list.children].indexOf(event.target)]));
    if (input.dataset.where === "place" && navigator.geolocation) this.offerPosition(around);
  }

  offerPosition(around) {
    const button = element("button", { type: "button", class: "link" }, said.here);
    button.addEventListener("click", () => this.locate(button));
    around.after(button);
  }

  typed() {
    this.aborted?.abort();
    clearTimeout(this.timer);
    const text = this.input.value.trim();
    if (text.length < 4) return this.open(false);
    this.timer = setTimeout(() => this.propose(text), PAUSE_MS);
  }

  async propose(text) {
    this.aborted = new AbortController();
    try {
      const { features } = await asked("/addresses", { q: text, limit: 6, autocomplete: "true" }, this.aborted.signal);
      this.show(features);
    } catch (error) {
      // Without proposals the field goes on working: the server reads what was typed.
      if (error.name !== "AbortError") this.open(false);
    }
  }

  show(features) {
    this.options = features;
    this.at = -1;
    this.list.replaceChildren(...features.map(({ properties }, index) =>
      element("li", { id: `${this.list.id}-${index}`, role: "option", "aria-selected": "false" }, properties.label)));
    this.open(features.length > 0);
    this.status.textContent = features.length ? `${words.some} ${features.length}` : "";
  }

  open(shown) {
    this.list.hidden = !shown;
    this.input.setAttribute("aria-expanded", String(shown));
    if (!shown) this.input.removeAttribute("aria-activedescendant");
  }

  pressed(event) {
    if (this.list.hidden) return undefined;
    if (event.key === "Escape") {
      event.preventDefault();
      return this.open(false);
    }
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

  choose(feature) {
    if (!feature) return;
    const { properties, geometry } = feature;
    const precise = properties.type !== "municipality";
    this.put(properties.label, {
      id: precise ? properties.id : "", citycode: precise ? properties.citycode : "",
      lon: precise ? geometry.coordinates[0] : "", lat: precise ? geometry.coordinates[1] : "",
    });
  }

  /** The text and what it stands for, kept together: `known` is the text the numbers belong to. */
  put(label, parts) {
    this.input.value = label;
    for (const [part, value] of Object.entries({ ...parts, known: parts.lon === "" ? "" : label })) {
      const hidden = this.box.querySelector(`[name="${CSS.escape(this.input.name)}-${part}"]`);
      if (hidden) hidden.value = value;
    }
    this.box.querySelector(".which")?.remove();
    this.open(false);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  locate(button) {
    button.setAttribute("aria-busy", "true");
    const done = sentence => {
      button.removeAttribute("aria-busy");
      button.textContent = sentence;
    };
    const found = async ({ coords }) => {
      const [lon, lat] = [coords.longitude.toFixed(6), coords.latitude.toFixed(6)];
      let label = `${lat}, ${lon}`;
      try {
        const { features } = await asked("/addresses/reverse", { lon, lat, limit: 1 });
        label = features[0]?.properties.label ?? label;
      } catch {
        // The point is what matters; its address is only for people.
      }
      this.put(label, { lon, lat });
      done(said.found);
      this.input.focus();
    };
    navigator.geolocation.getCurrentPosition(found, () => done(words.denied), { enableHighAccuracy: true, timeout: 10000 });
  }
}

/** A signature drawn with a finger, beside the name that is typed: a path in the hidden field. */
class Drawing {
  constructor(hidden) {
    this.hidden = hidden;
    const NS = "http://www.w3.org/2000/svg";
    this.svg = document.createElementNS(NS, "svg");
    this.svg.setAttribute("viewBox", "0 0 400 140");
    this.svg.setAttribute("class", "drawn");
    this.svg.setAttribute("role", "img");
    this.svg.setAttribute("aria-label", said.draw);
    this.path = this.svg.appendChild(document.createElementNS(NS, "path"));
    this.path.setAttribute("d", hidden.value);
    const again = element("button", { type: "button", class: "link" }, said.again);
    again.addEventListener("click", () => this.put(""));
    hidden.before(element("p", { class: "hint" }, said.draw), this.svg, again);
    this.svg.addEventListener("pointerdown", event => {
      this.svg.setPointerCapture(event.pointerId);
      this.to(event, "M");
    });
    this.svg.addEventListener("pointermove", event => event.buttons && this.to(event, "L"));
  }

  to(event, sign) {
    const box = this.svg.getBoundingClientRect();
    const [x, y] = [((event.clientX - box.left) * 400) / box.width, ((event.clientY - box.top) * 140) / box.height];
    const longer = `${this.hidden.value}${sign}${x.toFixed(0)} ${y.toFixed(0)}`;
    if (longer.length < 19000) this.put(longer);
  }

  put(drawn) {
    this.hidden.value = drawn;
    this.path.setAttribute("d", drawn);
  }
}

for (const input of document.querySelectorAll("input[data-where]")) new WhereField(input);
for (const hidden of document.querySelectorAll("input[data-drawn]")) new Drawing(hidden);

/** What is said above about wrong answers is read first. */
document.getElementById("erreurs")?.focus();
