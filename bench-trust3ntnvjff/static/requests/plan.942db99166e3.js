// The plan of a question « where », dragged, brought closer and pressed without asking for the whole page again. The
// same as pages/filling/pointing.py, which does it without this file; the numbers are those of kernel/ui/plans.py.
const W = 736, H = 440, STEP = 64, PRECISE = 3, DEGREE = 111195;
const METRES = [24, 8, 2.5, 0.8, 0.25], DECIMALS = [3, 4, 4, 5, 5];
const BARS = [5000, 2000, 1000, 500, 200, 100, 50, 20, 10];
const WAYS = { nord: [0, -1], sud: [0, 1], ouest: [-1, 0], est: [1, 0] };

class StreetPlan extends HTMLElement {
  connectedCallback() {
    const find = what => this.querySelector(what);
    [this.view, this.image, this.over, this.pin, this.told] = ["[name$=-vue]", "[type=image]", ".over", ".pin", ".told"].map(find);
    this.text = this.closest(".q").querySelector("[data-where]");
    this.fingers = new Map();
    this.classList.add("live");
    this.addEventListener("click", event => this.clicked(event));
    for (const name of ["down", "move", "up", "cancel"]) this.image.addEventListener(`pointer${name}`, event => this[name](event));
    this.image.addEventListener("dragstart", event => event.preventDefault());
    this.text.addEventListener("change", () => this.follow());
  }

  part(name) {
    return this.closest(".q").querySelector(`[name="${CSS.escape(this.text.name)}-${name}"]`);
  }

  get at() {
    const [zoom, lon, lat] = this.view.value.split(/[/,]/).map(Number);
    const up = DEGREE / METRES[zoom];
    return { zoom, lon, lat, up, across: up * Math.cos((lat * Math.PI) / 180) };
  }

  ground(x, y) {
    const { lon, lat, up, across } = this.at;
    return [lon + (x - W / 2) / across, lat - (y - H / 2) / up];
  }

  show(lon, lat, zoom) {
    zoom = Math.min(Math.max(zoom, 0), METRES.length - 1);
    this.view.value = `${zoom}/${lon.toFixed(DECIMALS[zoom])},${lat.toFixed(DECIMALS[zoom])}`;
    this.image.src = this.image.src.replace(/\/plan\/.*/, `/plan/${this.view.value}.svg`);
    const metres = BARS.find(each => each / METRES[zoom] <= 130) ?? 10;
    this.querySelector(".ruler path").setAttribute("d", `M4 14v6h${metres / METRES[zoom]}v-6`);
    this.querySelector(".ruler text").textContent = metres < 1000 ? `${metres} m` : `${metres / 1000} km`;
    this.mark();
  }

  mark() {
    const [lon, lat] = [this.part("lon").value, this.part("lat").value];
    const { up, across, ...at } = this.at;
    this.pin.classList.toggle("none", lon === "");
    this.pin.setAttribute("transform", `translate(${W / 2 + (lon - at.lon) * across} ${H / 2 - (lat - at.lat) * up})`);
  }

  /** The address was found otherwise: the plan goes there. */
  follow() {
    const [lon, lat] = [this.part("lon").value, this.part("lat").value];
    if (lon && this.text.value === this.part("known").value) this.show(+lon, +lat, Math.max(this.at.zoom, PRECISE));
  }

  async words(lon, lat) {
    this.asked?.abort();
    this.asked = new AbortController();
    const address = `${this.dataset.here}&lon=${lon.toFixed(6)}&lat=${lat.toFixed(6)}`;
    return (await fetch(address, { signal: this.asked.signal })).json();
  }

  say(...sentences) {
    this.told.replaceChildren(...sentences.filter(Boolean).map(each => Object.assign(document.createElement("p"), { textContent: each })));
  }

  async put(lon, lat) {
    try {
      const { label, who, trouble } = await this.words(lon, lat);
      if (trouble) return this.say(trouble);
      this.text.value = this.part("known").value = label;
      [this.part("lon").value, this.part("lat").value] = [lon.toFixed(6), lat.toFixed(6)];
      const { zoom } = this.at;
      zoom < PRECISE ? this.show(lon, lat, zoom + 1) : this.mark();
      this.say(`${this.dataset.pin} ${label}.`, who);
      this.text.dispatchEvent(new Event("change", { bubbles: true }));
    } catch (error) {
      if (error.name !== "AbortError") this.say(error.message);
    }
  }

  async look() {
    try {
      const { lon, lat } = this.at;
      const { label, trouble } = await this.words(lon, lat);
      this.say(trouble || `${this.dataset.cross} ${label}.`);
    } catch {
      // The plan moved on, or the network is gone: what is seen is what matters.
    }
  }

  go(lon, lat, zoom) {
    this.show(lon, lat, zoom);
    this.look();
  }

  clicked(event) {
    const { zoom, lon, lat } = this.at;
    if (event.target === this.image) {
      event.preventDefault();
      if (this.dragged) this.dragged = false;
      else this.put(...(event.detail ? this.ground(event.offsetX, event.offsetY) : [lon, lat]));
      return;
    }
    const act = event.target.closest("button")?.value.split(":").at(-1);
    if (!act || act === "fermer") return;
    event.preventDefault();
    if (act === "centre") this.put(lon, lat);
    else if (WAYS[act]) this.go(...this.ground(W / 2 + WAYS[act][0] * STEP, H / 2 + WAYS[act][1] * STEP), zoom);
    else this.go(lon, lat, zoom + (act === "plus" ? 1 : -1));
  }

  /** One finger drags, two bring closer or farther. */
  down(event) {
    this.image.setPointerCapture(event.pointerId);
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    [this.from, this.wide, this.dragged] = [[event.clientX, event.clientY], this.spread(), false];
  }

  spread() {
    const [one, other] = [...this.fingers.values()];
    return other ? Math.hypot(one[0] - other[0], one[1] - other[1]) : 0;
  }

  move(event) {
    if (!this.fingers.has(event.pointerId)) return;
    this.fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (this.fingers.size > 1) return;
    this.by = [event.clientX - this.from[0], event.clientY - this.from[1]];
    this.dragged ||= Math.hypot(...this.by) > 6;
    if (this.dragged) this.shift(...this.by);
  }

  shift(x, y) {
    for (const each of [this.image, this.pin]) each.style.translate = `${x}px ${y}px`;
  }

  up(event) {
    const { zoom, lon, lat } = this.at;
    const ratio = this.wide && this.spread() / this.wide;
    this.fingers.delete(event.pointerId);
    if (ratio) {
      [this.dragged, this.wide] = [true, 0];
      if (ratio > 1.3 || ratio < 0.77) this.go(lon, lat, zoom + (ratio > 1 ? 1 : -1));
    } else if (this.dragged) {
      this.image.onload = this.image.onerror = () => this.shift(0, 0);
      this.go(...this.ground(W / 2 - this.by[0], H / 2 - this.by[1]), zoom);
    }
  }

  cancel(event) {
    this.fingers.delete(event.pointerId);
    this.shift(0, 0);
  }
}

customElements.define("street-plan", StreetPlan);
