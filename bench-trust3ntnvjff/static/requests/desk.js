// The keyboard of the desk: one letter an act. Everything it does, a link or a button of the page does too.
// Letters are heard only outside of fields, and can be turned off in the help (WCAG 2.1.4).
const help = document.querySelector("#keys");
const OFF = "desk-keys-off";
const on = () => !localStorage.getItem(OFF);
const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;

function go(step) {
  if (!rows.length) return;
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].querySelector("[data-open]").focus();
  rows[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) at = rows.indexOf(row);
});

const press = (place, selector) => place?.querySelector(selector)?.click();

function open(letter) {
  const act = document.querySelector(`details[data-key="${letter}"]`);
  if (!act) return;
  act.open = true;
  act.querySelector("textarea, input:not([type=hidden]), select")?.focus();
}

const queue = {
  j: () => go(1),
  k: () => go(-1),
  o: () => press(rows[at], "[data-open]"),
  a: () => press(rows[at], "[data-take]"),
  x: () => press(rows[at], "input[type=checkbox]"),
  "/": () => {
    document.querySelector(".filters").open = true;
    document.querySelector("#numero").focus();
  },
};
const file = {
  j: () => press(document, "[data-next]"),
  k: () => press(document, "[data-previous]"),
  a: () => press(document, "aside [data-take]"),
  u: () => press(document, "[data-up]"),
  m: () => open("m"),
  n: () => open("n"),
  d: () => open("d"),
};

if (help) {
  const keys = help.dataset.on === "queue" ? queue : file;
  const toggle = help.querySelector("#keys-on");
  toggle.checked = on();
  toggle.addEventListener("change", () => (toggle.checked ? localStorage.removeItem(OFF) : localStorage.setItem(OFF, "1")));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || help.open) return;
    if (event.target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]")) return;
    if (event.key === "?") {
      event.preventDefault();
      help.showModal();
      return;
    }
    if (!on() || !keys[event.key]) return;
    event.preventDefault();
    keys[event.key]();
  });
}

// What goes on in the background is looked at again; the page says where it is.
if (document.querySelector("[data-again]")) setTimeout(() => location.reload(), 3000);
