// The rules of a form, in the browser: the same as lacydon.kernel.forms, which decides. What is asked appears and goes as
// one answers, what is worked out is shown, an answer that does not suit is told beside its field before it is sent.
// A page works without this file. `check` is pure; tests/capabilities/requests/test_form_js.py holds it against the server.

const WHITE = "\\t\\n\\v\\f\\r \\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const EDGES = new RegExp(`^[${WHITE}]+|[${WHITE}]+$`, "g");
const SPACES = new RegExp(`[${WHITE}]`, "g");
const SPACES_AND = signs => new RegExp(`[${WHITE}${signs}]`, "g");
// eslint-disable-next-line no-control-regex
const NOISE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff]|\p{Surrogate}/gu;
const TICKED = { yes: true, true: true, on: true, 1: true, no: false, false: false, 0: false };
const CITYCODE = /^(2[AB]|[0-9]{2})[0-9]{3}$/;
const LONGEST_LABEL = 200;
const PRECISION = 10;
const MOST_ROWS = 200;

class Unfit extends Error {}

function unfit(code) {
  throw new Unfit(code);
}

// Numbers: fractions of integers of any size, so that nothing is lost before it is rounded.

const fraction = (n, d = 1n) => (d < 0n ? { n: -n, d: -d } : { n, d });

function read(told) {
  const [, sign, whole, decimals = "", power = "0"] = /^([+-]?)([0-9]+)(?:\.([0-9]+))?(?:e([+-]?[0-9]+))?$/.exec(String(told));
  const scale = decimals.length - Number(power);
  const n = BigInt(whole + decimals) * (sign === "-" ? -1n : 1n);
  return scale >= 0 ? fraction(n, 10n ** BigInt(scale)) : fraction(n * 10n ** BigInt(-scale));
}

const compare = (a, b) => {
  const rest = a.n * b.d - b.n * a.d;
  return rest < 0n ? -1 : rest > 0n ? 1 : 0;
};

/** Half up, away from zero, as an integer of units of 10^-decimals. */
function units(a, decimals) {
  const scaled = (a.n < 0n ? -a.n : a.n) * 10n ** BigInt(decimals);
  const whole = scaled / a.d + ((scaled % a.d) * 2n >= a.d ? 1n : 0n);
  return a.n < 0n ? -whole : whole;
}

function written(a, money) {
  let decimals = money ? 2 : PRECISION;
  let found = units(a, decimals);
  while (!money && decimals && found % 10n === 0n) [found, decimals] = [found / 10n, decimals - 1];
  const figures = String(found < 0n ? -found : found).padStart(decimals + 1, "0");
  const text = decimals ? `${figures.slice(0, -decimals)}.${figures.slice(-decimals)}` : figures;
  return found < 0n ? `-${text}` : text;
}

// Days

function day(told, today) {
  const found = /^today([+-][0-9]+)?$/.exec(told);
  if (!found) return told;
  const when = new Date(`${today}T00:00:00Z`);
  when.setUTCDate(when.getUTCDate() + Number(found[1] ?? 0));
  return when.toISOString().slice(0, 10);
}

function isDay(text) {
  if (!/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/.test(text)) return false;
  const when = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(when.getTime()) && when.toISOString().slice(0, 10) === text;
}

function age(born, today) {
  const [year, month, date] = born.split("-").map(Number);
  const [nowYear, nowMonth, nowDate] = today.split("-").map(Number);
  return nowYear - year - (nowMonth < month || (nowMonth === month && nowDate < date) ? 1 : 0);
}

// Conditions and calculations. `known`: id → answer, or undefined; `.rows(id)`: the rows of the group a field is in.

function same(answer, expected) {
  if (answer === undefined) return false;
  if (Array.isArray(expected)) return expected.some(each => same(answer, each));
  if (Array.isArray(answer)) return answer.includes(expected);
  if (typeof expected === "number" && typeof answer === "string") return compare(read(answer), read(expected)) === 0;
  return answer === expected;
}

function compares(operator, operand, answer, today) {
  if (operator === "filled") return (answer !== undefined) === operand;
  if (answer === undefined) return false;
  if (operator === "not") return !same(answer, operand);
  if (operator === "before") return answer < day(operand, today);
  if (operator === "after") return answer > day(operand, today);
  const order = compare(read(answer), read(operand));
  return { over: order > 0, at_least: order >= 0, under: order < 0, at_most: order <= 0 }[operator];
}

export function holds(condition, known) {
  return Object.entries(condition ?? {}).every(([key, expected]) => {
    if (key === "all") return expected.every(each => holds(each, known));
    if (key === "any") return expected.some(each => holds(each, known));
    if (key === "not") return !holds(expected, known);
    const answer = known(key);
    if (expected === null || typeof expected !== "object" || Array.isArray(expected)) return same(answer, expected);
    return Object.entries(expected).every(([operator, operand]) => compares(operator, operand, answer, known.today));
  });
}

function bracket({ of, table }, known) {
  const amount = value(of, known);
  const line = amount && table.find(each => each.up_to === undefined || compare(amount, read(each.up_to)) <= 0);
  return line && value(line.then, known);
}

function value(told, known) {
  if (typeof told !== "object") return read(told);
  if ("if" in told) return value(holds(told.if, known) ? told.then : told.else, known);
  if ("round" in told) {
    const [found, decimals] = [value(told.round, known), told.to ?? 0];
    return found && fraction(units(found, decimals), 10n ** BigInt(decimals));
  }
  const [[verb, operand]] = Object.entries(told);
  if (verb === "field" || verb === "age") {
    const answer = known(operand);
    return answer === undefined ? undefined : read(verb === "age" ? age(answer, known.today) : answer);
  }
  if (verb === "count") return fraction(BigInt(known(operand)?.length ?? 0));
  if (verb === "brackets") return bracket(operand, known);
  const values = verb === "total" ? known.rows(operand).map(row => row[operand] && read(row[operand])) : [];
  for (const each of verb === "total" ? [] : operand) values.push(value(each, known));
  if (values.some(each => each === undefined)) return undefined;
  const plus = (a, b) => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
  const [a, b] = values;
  switch (verb) {
    case "product": return values.reduce((one, other) => fraction(one.n * other.n, one.d * other.d));
    case "min": return values.reduce((one, other) => (compare(other, one) < 0 ? other : one));
    case "max": return values.reduce((one, other) => (compare(other, one) > 0 ? other : one));
    case "difference": return plus(a, fraction(-b.n, b.d));
    case "quotient": return b.n === 0n ? undefined : fraction(a.n * b.d, a.d * b.n);
    default: return values.reduce(plus, fraction(0n));
  }
}

/** What is known: a row's answers, then the form's, then what is worked out from them. */
function knowing(rules, answers, row = {}) {
  const known = id => {
    const answer = row[id] ?? answers[id];
    const computed = answer === undefined && rules.computed.find(each => each.id === id);
    const found = computed && value(computed.value, known);
    return found ? written(found, computed.type === "money") : answer;
  };
  const groups = Object.entries(rules.groups);
  known.rows = id => answers[groups.find(([, inner]) => inner.includes(id))?.[0]] ?? [];
  known.today = rules.today;
  return known;
}

// One answer to one field: kept in one way, or refused with the code of a sentence.

function tidy(text, lines = false) {
  let found = text.replace(/\r\n?/g, "\n").replace(NOISE, "").normalize("NFC");
  if (!lines) found = found.replace(/[\t\n\u2028\u2029]+/g, " ");
  return found.replace(EDGES, "");
}

function label(text) {
  const found = tidy(text);
  return [...found].length > LONGEST_LABEL ? unfit("too_long") : found;
}

const like = (pattern, text) => (text === "" ? null : pattern.test(text) ? text : unfit("wrong"));

function ticked(answer) {
  return Object.hasOwn(TICKED, answer) ? TICKED[answer] : unfit("wrong");
}

function coordinates({ lon, lat }) {
  if (lon === "" && lat === "") return [null, null];
  const bounded = (told, most) => (/^-?[0-9]{1,3}(\.[0-9]{1,20})?$/.test(told) && Math.abs(told) <= most ? Number(told) : unfit("wrong"));
  return [bounded(lon, 180), bounded(lat, 90)];
}

function mod97(iban) {
  const figures = (iban.slice(4) + iban.slice(0, 4)).replace(/[A-Z]/g, sign => String(sign.charCodeAt(0) - 55));
  return BigInt(figures) % 97n === 1n;
}

function luhn(figures) {
  const sum = [...figures].reverse().reduce((total, figure, at) => {
    const told = Number(figure) * (at % 2 ? 2 : 1);
    return total + (told > 9 ? told - 9 : told);
  }, 0);
  return sum % 10 === 0;
}

function siret(text) {
  const post = text.startsWith("356000000") && text !== "35600000000048";
  const whole = post ? [...text].reduce((sum, figure) => sum + Number(figure), 0) % 5 === 0 : luhn(text);
  return whole && luhn(text.slice(0, 9));
}

const CLEANERS = {
  text(field, answer) {
    const text = tidy(answer, field.type === "longtext");
    const length = [...text].length;
    if (text && length > field.max_length) unfit("too_long");
    if (text && length < (field.min_length ?? 0)) unfit("too_short");
    if (text && field.pattern && !new RegExp(`^(?:${field.pattern})$`, "u").test(text)) unfit("wrong");
    return text;
  },
  email(_field, answer) {
    const text = tidy(answer);
    const at = text.lastIndexOf("@") + 1;
    const found = text.slice(0, at) + text.slice(at).toLowerCase();
    const right = /^[^\s@"(),:;<>[\]\\]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/u;
    return found && ([...found].length > 254 || !right.test(found)) ? unfit("wrong") : found;
  },
  phone(_field, answer) {
    const text = tidy(answer);
    const figures = text.replace(/[^0-9]/g, "").length;
    return text && (!/^\+?[0-9 ().\u00a0\u202f/-]{4,40}$/.test(text) || figures < 4 || figures > 17) ? unfit("wrong") : text;
  },
  number(field, answer) {
    let text = tidy(answer).replace(SPACES, "");
    if (!text) return text;
    const unit = (field.unit ?? (field.type === "money" ? "€" : "")).replace(SPACES, "");
    if (unit && text.endsWith(unit)) text = text.slice(0, -unit.length);
    const told = /^([+-]?)([0-9]{1,15})(?:[.,]([0-9]{1,10}))?$/.exec(text) ?? unfit("wrong");
    const whole = told[2].replace(/^0+/, "") || "0";
    let decimals = (told[3] ?? "").replace(/0+$/, "");
    if (decimals.length > (field.type === "money" ? 2 : (field.decimals ?? 10))) unfit("too_precise");
    if (field.type === "money") decimals = decimals.padEnd(2, "0");
    const sign = told[1] === "-" && /[1-9]/.test(whole + decimals) ? "-" : "";
    const found = sign + whole + (decimals ? `.${decimals}` : "");
    if (field.min && compare(read(found), read(field.min)) < 0) unfit("too_low");
    if (field.max && compare(read(found), read(field.max)) > 0) unfit("too_high");
    return found;
  },
  date(field, answer, today) {
    let text = tidy(answer);
    if (!text) return text;
    const told = /^([0-9]{1,2})[/. -]([0-9]{1,2})[/. -]([0-9]{4})$/.exec(text);
    if (told) text = `${told[3]}-${told[2].padStart(2, "0")}-${told[1].padStart(2, "0")}`;
    if (!isDay(text) || text < "1800" || text >= "2201") unfit("wrong");
    if (field.before && text >= day(field.before, today)) unfit("too_late");
    if (field.after && text <= day(field.after, today)) unfit("too_early");
    return text;
  },
  choice: (field, answer) => (answer === "" || field.values.includes(answer) ? answer : unfit("wrong")),
  choices(field, answer) {
    const chosen = new Set(answer.filter(each => each));
    if ([...chosen].some(each => !field.values.includes(each))) unfit("wrong");
    if (chosen.size && chosen.size < field.least) unfit("too_few");
    if (chosen.size > field.most) unfit("too_many");
    return field.values.filter(each => chosen.has(each));
  },
  yesno: (_field, answer) => (answer === "" ? answer : ticked(answer)),
  iban(_field, answer) {
    const text = tidy(answer).replace(SPACES_AND(".-"), "").toUpperCase();
    return text && (!/^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$/.test(text) || !mod97(text)) ? unfit("wrong") : text;
  },
  siret(_field, answer) {
    const text = tidy(answer).replace(SPACES_AND("."), "");
    return text && (!/^[0-9]{14}$/.test(text) || !siret(text)) ? unfit("wrong") : text;
  },
  address(_field, answer) {
    const found = label(answer.label);
    if (!found) return found;
    const [lon, lat] = coordinates(answer);
    return { label: found, id: like(/^[A-Za-z0-9_.-]{1,60}$/, answer.id), citycode: like(CITYCODE, answer.citycode), lon, lat };
  },
  place(_field, answer) {
    const found = tidy(answer.label);
    const [lon, lat] = coordinates(answer);
    label(answer.label);
    return found || lon !== null ? { lon, lat, label: found } : "";
  },
  commune: (_field, answer) => like(CITYCODE, tidy(answer)) ?? "",
  file(field, answer) {
    const ids = [...new Set(answer.map(each => like(/^[A-Za-z0-9-]{1,64}$/, each)))].filter(each => each);
    return ids.length > (field.max_files ?? 1) ? unfit("too_many") : ids;
  },
  signature(field, answer) {
    const name = tidy(answer.name);
    const signed = answer.certified === "" ? false : ticked(answer.certified);
    if (!name && !signed) return "";
    label(answer.name);
    if (!name || !signed) unfit("unsigned");
    if (field.drawn) like(/^[ML0-9 .,]{1,20000}$/, answer.drawn);
    return { name };
  },
};
CLEANERS.longtext = CLEANERS.text;
CLEANERS.money = CLEANERS.number;
CLEANERS.consent = CLEANERS.yesno;

const PARTS = { address: ["id", "citycode", "lon", "lat"], place: ["lon", "lat"], signature: ["certified", "drawn"] };

function given(field, raw, name) {
  const first = part => raw[part]?.[0] ?? "";
  if (field.type === "choices" || field.type === "file") return raw[name] ?? [];
  if (field.type === "consent") return first(name) || "no";
  if (field.type in PARTS) {
    const parts = Object.fromEntries(PARTS[field.type].map(part => [part, first(`${name}-${part}`)]));
    return { ...parts, [field.type === "signature" ? "name" : "label"]: first(name) };
  }
  if (field.type === "date" && !first(name)) {
    const told = ["day", "month", "year"].map(part => first(`${name}-${part}`).replace(EDGES, ""));
    return told.some(each => each) ? told.join("/") : "";
  }
  return first(name);
}

function rowsOf(raw, name) {
  const numbers = Object.keys(raw).map(each => each.startsWith(`${name}-`) && /^([0-9]{1,3})-[^]+$/.exec(each.slice(name.length + 1)));
  return [...new Set(numbers.filter(each => each).map(each => Number(each[1])))].sort((a, b) => a - b).slice(0, MOST_ROWS);
}

/** What a page says: rules (lacydon.kernel.forms.page_rules), and what is in its fields (name → list of texts). */
export function check(rules, raw) {
  const answers = { ...rules.known };
  const found = { answers: {}, errors: {}, visible: [], computed: {} };
  function put(field, kept, name, errors) {
    let code = "";
    try {
      const answer = CLEANERS[field.type](field, given(field, raw, name), rules.today);
      const empty = answer === "" || (Array.isArray(answer) && !answer.length);
      if (!empty) kept[field.id] = answer;
      if (field.required && (empty || (field.type === "consent" && !answer))) code = "required";
    } catch (error) {
      if (!(error instanceof Unfit)) throw error;
      code = error.message;
      if (field.type === "consent") kept[field.id] = false;
    }
    if (code) errors[name] = field.messages[code];
    return code;
  }

  function oneRow(group, number) {
    const row = { answers: {}, errors: {}, visible: [], blank: true };
    const known = knowing(rules, answers, row.answers);
    for (const field of group.fields) {
      if (!holds(field.when, known)) continue;
      const name = `${group.id}-${number}-${field.id}`;
      row.visible.push(name);
      if (field.type === "info") continue;
      const code = put(field, row.answers, name, row.errors);
      row.blank &&= code === "" || code === "required";
    }
    row.filled = Object.values(row.answers).some(answer => answer !== false);
    row.blank &&= !row.filled;
    return row;
  }

  function rowsOfGroup(group) {
    const floor = group.required ? group.least : 0;
    const without = (rows, empty) => {
      const spare = Math.max(rows.length - floor, 0);
      const those = rows.filter(empty);
      const gone = new Set(those.slice(Math.max(those.length - spare, 0)));
      return rows.filter(row => !gone.has(row));
    };
    const numbers = rowsOf(raw, group.id);
    const told = numbers.slice(0, group.most * 2).map(number => oneRow(group, number));
    for (const row of told) found.visible.push(...row.visible);
    let rows = without(told, row => row.blank);
    let code = rows.length > group.most || numbers.length > group.most * 2 ? "too_many" : "";
    if (rows.length < group.least && (rows.length || (group.required && group.least))) code = rows.length ? "too_few" : "required";
    if (code) found.errors[group.id] = group.messages[code];
    for (const row of rows) Object.assign(found.errors, row.errors);
    rows = without(rows.slice(0, group.most), row => !row.filled);
    if (rows.length) answers[group.id] = rows.map(row => row.answers);
  }

  const known = knowing(rules, answers);
  for (const field of rules.fields) {
    if (!holds(field.when, known)) continue;
    found.visible.push(field.id);
    if (field.type === "group") rowsOfGroup(field);
    else if (field.type !== "info") put(field, answers, field.id, found.errors);
  }
  for (const { id } of rules.fields) if (id in answers) found.answers[id] = answers[id];
  for (const { id } of rules.computed) {
    const worked = known(id);
    if (worked !== undefined) found.computed[id] = worked;
  }
  return found;
}

// The page

/** A form being filled in: `data-rules`, and `data-known` for the answers of other pages. */
class Filling {
  constructor(form) {
    this.form = form;
    this.rules = { ...JSON.parse(form.dataset.rules), ...(form.dataset.known ? { known: JSON.parse(form.dataset.known) } : {}) };
    this.told = new Set();
    this.sent = "";
    this.bring();
    form.addEventListener("input", () => this.follow());
    form.addEventListener("change", event => this.left(event.target));
    form.addEventListener("submit", event => this.submitted(event));
    this.follow();
  }

  raw() {
    const raw = {};
    for (const [name, told] of new FormData(this.form)) if (typeof told === "string") (raw[name] ??= []).push(told);
    return raw;
  }

  /** Questions that wait in a <template data-question> come in the page, hidden, where they will be asked. */
  bring() {
    for (const kept of this.form.querySelectorAll("template[data-question]")) {
      const question = kept.content.firstElementChild;
      question.dataset.question = kept.dataset.question;
      kept.replaceWith(question);
    }
  }

  /** The element that holds a question. */
  box(name) {
    const named = this.form.querySelector(`[data-question="${CSS.escape(name)}"]`);
    const inputs = this.form.querySelector(`[name="${CSS.escape(name)}"], [name^="${CSS.escape(name)}-"], [id="${CSS.escape(name)}"]`);
    return named ?? inputs?.closest(".q") ?? null;
  }

  names() {
    return this.rules.fields.flatMap(field => [
      field.id,
      ...(field.fields ?? []).flatMap(inner => rowsOf(this.allNames(), field.id).map(row => `${field.id}-${row}-${inner.id}`)),
    ]);
  }

  allNames() {
    return Object.fromEntries([...this.form.elements].map(each => [each.name, []]));
  }

  follow() {
    const { visible, computed } = check(this.rules, this.raw());
    const shown = new Set(visible);
    for (const name of this.names()) {
      const box = this.box(name);
      if (!box || box.hidden === !shown.has(name)) continue;
      box.hidden = !shown.has(name);
      for (const input of box.querySelectorAll("input, select, textarea, button")) input.disabled = box.hidden;
      if (!box.hidden) return this.follow();
    }
    for (const output of this.form.querySelectorAll("[data-computed]")) {
      const number = computed[output.dataset.computed];
      const { type } = this.rules.computed.find(each => each.id === output.dataset.computed) ?? {};
      const options = type === "money" ? { style: "currency", currency: "EUR" } : {};
      output.textContent = number === undefined ? "" : new Intl.NumberFormat(document.documentElement.lang, options).format(number);
    }
    for (const name of this.told) this.tell(name, check(this.rules, this.raw()).errors[name]);
  }

  /** The questions whose answer is looked at here: documents are the server's to judge. */
  errors() {
    const files = new Set(this.rules.fields.flatMap(field => [field, ...(field.fields ?? [])]).filter(each => each.type === "file").map(each => each.id));
    return Object.entries(check(this.rules, this.raw()).errors).filter(([name]) => this.box(name) && !files.has(name.split("-").at(-1)));
  }

  /** A field was left: what is wrong in it is told; what is missing waits for the whole page. */
  left(input) {
    const name = this.names().findLast(each => input.name === each || input.name?.startsWith(`${each}-`));
    // A name may stand where a number is asked: the button beside it looks for it.
    if (!name || input.dataset.searched !== undefined) return;
    const wrong = this.errors().find(([each]) => each === name)?.[1];
    const missing = this.rules.fields.flatMap(each => [each, ...(each.fields ?? [])]).find(each => each.id === name.split("-").at(-1))?.messages?.required;
    const unfinished = input.name !== name && !input.name.endsWith("-year") && !input.name.endsWith("-certified");
    if (wrong && wrong !== missing && !unfinished) this.told.add(name);
    if (this.told.has(name)) this.tell(name, wrong);
  }

  tell(name, sentence) {
    const box = this.box(name);
    if (!box) return;
    const id = `${name}-trouble`;
    let place = document.getElementById(id);
    if (!sentence) place?.remove();
    else if (!place) {
      place = Object.assign(document.createElement("p"), { id, className: "trouble" });
      const drawing = document.querySelector("svg.i")?.cloneNode(true);
      const use = drawing?.querySelector("use");
      use?.setAttribute("href", `${use.getAttribute("href").split("#")[0]}#alert`);
      place.append(...(drawing ? [drawing] : []), document.createElement("span"));
      const title = box.querySelector("legend, label, .label");
      title?.closest(".opt") ? box.prepend(place) : title ? title.after(place) : box.prepend(place);
    }
    if (sentence) place.lastElementChild.textContent = sentence;
    box.classList.toggle("off", Boolean(sentence));
    for (const input of box.querySelectorAll("input:not([type=hidden]), select, textarea")) {
      const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter(each => each && each !== id);
      if (sentence) others.unshift(id);
      others.length ? input.setAttribute("aria-describedby", others.join(" ")) : input.removeAttribute("aria-describedby");
      sentence ? input.setAttribute("aria-invalid", "true") : input.removeAttribute("aria-invalid");
    }
  }

  /** What is wrong is told once; sent again unchanged, it goes, and the server decides. */
  submitted(event) {
    if (event.submitter?.formNoValidate || (event.submitter?.value && event.submitter.value !== "suivre")) return;
    const errors = this.errors();
    const sent = JSON.stringify(this.raw());
    for (const name of this.told) if (!errors.some(([each]) => each === name)) this.tell(name, "");
    if (!errors.length || sent === this.sent) return;
    event.preventDefault();
    this.sent = sent;
    for (const [name, sentence] of errors) {
      this.told.add(name);
      this.tell(name, sentence);
    }
    const first = this.box(errors[0][0]);
    first.scrollIntoView({ block: "center" });
    first.querySelector("input:not([type=hidden]):not(:disabled), select, textarea, button")?.focus({ preventScroll: true });
  }
}

if (typeof document !== "undefined")
  for (const form of document.querySelectorAll("form[data-rules]")) if (form.dataset.rules) new Filling(form);
