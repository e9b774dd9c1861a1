// The map of a dataset, drawn in the browser from our own tiles. The drawing of the server stays for who listens.
const SOURCES = { rows: "rows", communes: "communes", names: "names" };
const POINTED = ["points", "heaps", "shapes", "ways", "classes"];
const REACH = 14; // pixels around a finger
const TOGETHER = 4; // rows told at once of one place
const CLASSES = [1, 2, 3, 4, 5];
const HATCHES = ["", "M6 0V12", "M4.5 4.5h3v3h-3Z", "M0 6H12", "M6 0V12M0 6H12"]; // as kernel/ui/maps.py

function element(name, text = "", attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

async function json(address) {
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

function styled(address) {
  const link = element("link", "", { rel: "stylesheet", href: address });
  return new Promise((resolve, reject) => {
    link.addEventListener("load", resolve);
    link.addEventListener("error", () => reject(new Error(address)));
    // Before ours, which has the last word.
    document.head.prepend(link);
  });
}

/** The colours of the page, as its style sheet says them in this light. */
function palette() {
  const said = getComputedStyle(document.documentElement);
  return new Proxy({}, { get: (_none, name) => said.getPropertyValue(`--${name}`).trim() || "#888" });
}

function bounds(collection) {
  let [west, south, east, north] = [180, 90, -180, -90];
  const look = (held) => {
    if (typeof held[0] !== "number") return held.forEach(look);
    [west, east] = [Math.min(west, held[0]), Math.max(east, held[0])];
    [south, north] = [Math.min(south, held[1]), Math.max(north, held[1])];
    return undefined;
  };
  for (const each of collection.features) look(each.geometry.coordinates);
  return [west, south, east, north];
}

function names(communes) {
  const features = communes.features.map(({ properties }) => ({
    type: "Feature", geometry: { type: "Point", coordinates: [properties.lon, properties.lat] }, properties,
  }));
  return { type: "FeatureCollection", features };
}

/** Classes are told by a hatching besides their colour. */
function pattern(place, colours) {
  const canvas = element("canvas", "", { width: 24, height: 24 });
  const drawn = canvas.getContext("2d");
  drawn.scale(2, 2);
  drawn.fillStyle = colours[`q${place}`];
  drawn.fillRect(0, 0, 12, 12);
  drawn.strokeStyle = colours.paper;
  drawn.lineWidth = 1;
  drawn.stroke(new Path2D(HATCHES[place - 1]));
  return drawn.getImageData(0, 0, 24, 24);
}

function layersOf(colours, { placed, graded }) {
  const point = ["==", ["geometry-type"], "Point"];
  const rows = { source: SOURCES.rows, "source-layer": SOURCES.rows };
  const layers = [
    { id: "water", type: "background", paint: { "background-color": colours.foam } },
    { id: "land", type: "fill", source: SOURCES.communes, paint: { "fill-color": colours.land } },
  ];
  if (graded) {
    layers.push({
      id: "classes", type: "fill", source: SOURCES.communes, filter: [">", ["get", "classe"], 0],
      paint: { "fill-pattern": ["concat", "class-", ["to-string", ["get", "classe"]]] },
    });
  }
  layers.push({ id: "borders", type: "line", source: SOURCES.communes, paint: { "line-color": colours.shore, "line-width": 1.2 } });
  if (placed) {
    layers.push(
      {
        id: "shapes", type: "fill", ...rows, filter: ["==", ["geometry-type"], "Polygon"],
        paint: { "fill-color": colours.m1, "fill-opacity": 0.65, "fill-outline-color": colours.ink },
      },
      {
        id: "ways", type: "line", ...rows, filter: ["==", ["geometry-type"], "LineString"],
        paint: { "line-color": colours.sea, "line-width": ["interpolate", ["linear"], ["zoom"], 9, 1.5, 15, 4] },
      },
    );
  }
  if (placed) {
    layers.push(
      {
        id: "heaps", type: "circle", ...rows, filter: ["all", point, [">", ["get", "n"], 1]],
        paint: {
          "circle-color": colours.sea, "circle-opacity": 0.8, "circle-stroke-color": colours.card, "circle-stroke-width": 1,
          "circle-radius": ["interpolate", ["linear"], ["ln", ["get", "n"]], 0.7, 4, 7, 12],
        },
      },
      {
        id: "points", type: "circle", ...rows, filter: ["all", point, ["==", ["get", "n"], 1]],
        paint: {
          "circle-color": colours.ochre, "circle-stroke-color": colours.card, "circle-stroke-width": 1.5,
          "circle-radius": ["interpolate", ["linear"], ["zoom"], 8, 4.5, 14, 8],
        },
      },
    );
  }
  layers.push({
    id: "names", type: "symbol", source: SOURCES.names,
    layout: {
      "text-field": ["get", "nom"], "text-font": ["sans-serif"], "text-size": ["interpolate", ["linear"], ["zoom"], 8, 12, 13, 16],
      "symbol-sort-key": ["-", 0, ["get", "population"]], "text-padding": 6, "text-max-width": 8,
    },
    paint: { "text-color": colours.ink, "text-halo-color": colours.halo, "text-halo-width": 2 },
  });
  return layers;
}

class Live {
  constructor(live, engine, tiles, communes) {
    this.live = live;
    this.words = live.dataset;
    this.engine = engine;
    this.columns = tiles?.columns ?? [];
    this.room = live.querySelector(".live-room");
    this.said = live.querySelector(".said");
    this.numbers = new Intl.NumberFormat(document.documentElement.lang || "fr", { maximumFractionDigits: 6 });
    this.drawn = [...live.parentElement.querySelectorAll(":scope > svg")];
    this.moves = [...document.querySelectorAll("nav.moves")];
    this.graded = !tiles;
    this.sources = {
      [SOURCES.communes]: { type: "geojson", data: communes },
      [SOURCES.names]: { type: "geojson", data: names(communes) },
    };
    if (tiles) {
      // The address the page was asked at, whatever name the product knows itself by.
      const { pathname, search } = new URL(tiles.tiles[0].replaceAll("{", "%7B").replaceAll("}", "%7D"));
      const address = location.origin + decodeURIComponent(pathname) + search;
      this.sources[SOURCES.rows] = { type: "vector", tiles: [address], minzoom: tiles.minzoom, maxzoom: tiles.maxzoom };
    }
    const frame = this.words.frame ? this.words.frame.split(",").map(Number) : bounds(communes);
    this.show(true);
    this.map = new engine.Map({
      container: this.room, style: this.style(), bounds: frame, fitBoundsOptions: { padding: this.graded ? 16 : 0 },
      attributionControl: false, cooperativeGestures: true, dragRotate: false, pitchWithRotate: false, maxPitch: 0,
      renderWorldCopies: false, maxZoom: 20, locale: this.locale(), fadeDuration: this.still ? 0 : 200,
      trackResize: true,
    });
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.addControl(new engine.NavigationControl({ showCompass: false }), "top-right");
    if (document.fullscreenEnabled) this.map.addControl(new engine.FullscreenControl(), "top-right");
    this.map.addControl(new engine.ScaleControl({ unit: "metric" }), "bottom-left");
    this.map.on("style.load", () => this.paintClasses());
    this.map.on("click", (event) => this.tell(event.point, event.lngLat));
    this.map.on("mousemove", (event) => this.point(event.point));
    this.map.on("moveend", (event) => { if (event.originalEvent || this.moved) this.follow(); });
    this.map.on("movestart", (event) => { this.moved ||= Boolean(event.originalEvent); });
    this.map.getCanvas().addEventListener("keydown", (event) => this.pressed(event));
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", () => this.map.setStyle(this.style(), { diff: false }));
  }

  get still() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches;
  }

  style() {
    this.colours = palette();
    return { version: 8, sources: this.sources, layers: layersOf(this.colours, { placed: !this.graded, graded: this.graded }) };
  }

  locale() {
    const { closer, farther, whole, less, close, title, wheel, wheelMac, fingers } = this.words;
    return {
      "NavigationControl.ZoomIn": closer, "NavigationControl.ZoomOut": farther, "FullscreenControl.Enter": whole,
      "FullscreenControl.Exit": less, "Popup.Close": close, "Map.Title": title,
      "CooperativeGesturesHandler.WindowsHelpText": wheel, "CooperativeGesturesHandler.MacHelpText": wheelMac,
      "CooperativeGesturesHandler.MobileHelpText": fingers,
    };
  }

  paintClasses() {
    for (const place of this.graded ? CLASSES : []) {
      this.map.addImage(`class-${place}`, pattern(place, this.colours), { pixelRatio: 2 });
    }
  }

  /** Resolves when what is in view is drawn. */
  ready() {
    return new Promise((resolve) => { this.map.once("idle", resolve); });
  }

  show(live) {
    this.shown = live;
    this.room.hidden = !live;
    this.live.querySelector(".live-source").hidden = !live;
    // Out of sight and not away: the legend takes its hatchings from the drawing.
    for (const each of this.drawn) each.classList.toggle("away", live);
    for (const each of this.moves) each.hidden = live;
    this.live.querySelector("button span").textContent = live ? this.words.back : this.words.ask;
    this.said.textContent = live ? this.words.keys : "";
    this.said.classList.toggle("keys", live);
  }

  toggle() {
    // Who moved goes on in the drawing from where they are: the address says it.
    if (this.shown && this.moved && this.within) return location.reload();
    this.show(!this.shown);
    if (this.shown) this.map.resize();
    return undefined;
  }

  /** What is looked at is in the address, and in the links that take it along. */
  follow() {
    const links = document.querySelectorAll("a[data-framed]");
    if (this.graded || !links.length) return;
    const seen = this.map.getBounds();
    const frame = [Math.max(seen.getWest(), -180), Math.max(seen.getSouth(), -85), Math.min(seen.getEast(), 180), Math.min(seen.getNorth(), 85)];
    const within = frame.map((each) => each.toFixed(5)).join(",");
    const framed = (address) => {
      const made = new URL(address, location.href);
      made.searchParams.set("cadre", within);
      return made.href;
    };
    for (const each of links) each.href = framed(each.href);
    history.replaceState(null, "", framed(location.href));
    this.within = within;
  }

  at(point, reach = REACH) {
    const layers = POINTED.filter((each) => this.map.getLayer(each));
    const exact = this.map.queryRenderedFeatures(point, { layers });
    if (exact.length) return exact;
    return this.map.queryRenderedFeatures([[point.x - reach, point.y - reach], [point.x + reach, point.y + reach]], { layers });
  }

  point(point) {
    this.map.getCanvas().style.cursor = this.at(point, 4).length ? "pointer" : "";
  }

  pressed(event) {
    if (event.key === "Enter") {
      event.preventDefault();
      const { clientWidth, clientHeight } = this.map.getCanvas();
      const middle = new this.engine.Point(clientWidth / 2, clientHeight / 2);
      if (!this.tell(middle, this.map.getCenter(), 2 * REACH)) this.say(this.words.none);
    } else if (event.key === "Escape") this.popup?.remove();
  }

  say(text) {
    this.said.textContent = text;
    this.said.classList.remove("keys");
  }

  /** Says what is there in a popup. False when nothing is. */
  tell(point, where, reach) {
    const seen = new Set();
    const found = this.at(point, reach).filter(({ id, layer, properties }) => {
      const key = `${layer.source} ${id ?? properties.code}`;
      return !seen.has(key) && seen.add(key);
    });
    if (!found.length) return false;
    const [first] = found;
    const place = first.geometry.type === "Point" ? first.geometry.coordinates : where;
    if (first.properties.n > 1 && this.map.getZoom() < this.map.getMaxZoom() - 4) {
      this.moved = true;
      this.map.easeTo({ center: place, zoom: this.map.getZoom() + 2 });
      return true;
    }
    const told = element("div", "", { class: "told", tabindex: "0", role: "group", "aria-label": this.words.title });
    told.append(...found.slice(0, TOGETHER).map((each) => (this.graded ? this.commune(each) : this.row(each))));
    if (found.length > TOGETHER) told.append(element("p", `+ ${found.length - TOGETHER} ${this.words.others}`));
    this.popup?.remove();
    const { clientWidth, clientHeight } = this.room;
    told.style.maxHeight = `${Math.round(clientHeight * 0.4)}px`;
    const options = { maxWidth: `${Math.min(330, clientWidth - 80)}px`, focusAfterOpen: false };
    this.popup = new this.engine.Popup(options).setLngLat(place).setDOMContent(told).addTo(this.map);
    told.focus({ preventScroll: true });
    this.popup.getElement().addEventListener("keydown", (event) => { if (event.key === "Escape") this.popup.remove(); });
    this.popup.on("close", () => this.map.getCanvas().focus({ preventScroll: true }));
    return true;
  }

  commune({ properties }) {
    const told = element("div");
    told.append(element("b", properties.nom));
    if (typeof properties.valeur !== "number") told.append(element("p", this.words.empty));
    else {
      told.append(element("p", `${this.words.measure} : ${this.numbers.format(properties.valeur)}`));
      told.append(element("a", this.words.of, { href: this.leading(properties.code) }));
    }
    return told;
  }

  row({ id, properties }) {
    const told = element("div");
    if (properties.n > 1) {
      told.append(element("b", `${this.numbers.format(properties.n)} ${this.words.heap}`));
      return told;
    }
    const list = element("dl");
    for (const { name, label, type, kind } of this.columns) {
      if (name in properties) list.append(element("dt", label), element("dd", this.written(properties[name], type, kind)));
    }
    told.append(list, element("a", this.words.row, { href: this.leading(id) }));
    return told;
  }

  leading(which) {
    return this.words.rows.replace("-laquelle-", which);
  }

  /** A value as the tables write it. */
  written(value, type, kind) {
    if (type === "boolean") return value ? this.words.yes : this.words.no;
    if (typeof value === "number") return ["year", "postcode", "departement"].includes(kind) ? `${value}` : this.numbers.format(value);
    const day = /^(\d{4})-(\d\d)-(\d\d)(?:[ T](\d\d:\d\d))?/.exec(value);
    if (day && type === "date") return `${day[3]}/${day[2]}/${day[1]}`;
    if (day && type === "datetime") return new Date(value.replace(" ", "T").replace(/\+00$/, "Z")).toLocaleString(document.documentElement.lang);
    return `${value}`;
  }
}

/** Loads the engine, puts the map in its room, and gives what toggles it. */
export async function open(live) {
  const { tiles, communes, engine, worker, sheet } = live.dataset;
  const [maplibre, described, ground] = await Promise.all([
    import(engine), tiles ? json(tiles) : null, json(communes), styled(sheet),
  ]);
  maplibre.setWorkerUrl(new URL(worker, location.href).href);
  const made = new Live(live, maplibre, described, ground);
  await made.ready();
  return made;
}
