// A form's text being written: checked a moment after one stops typing; a fault leads to its line.
const PAUSE_MS = 700;

for (const form of document.querySelectorAll("form[data-faults]")) {
  const text = form.elements.text;
  const place = form.querySelector("#fautes");
  let timer;
  let asked = 0;

  async function check() {
    const mine = ++asked;
    try {
      const answer = await fetch(form.dataset.faults, { method: "POST", body: new FormData(form) });
      if (!answer.ok || mine !== asked) return;
      const { html } = await answer.json();
      place.replaceChildren(...new DOMParser().parseFromString(html, "text/html").body.childNodes);
      place.hidden = false;
    } catch {
      // Without the network, the buttons of the page still say what is wrong.
    }
  }

  text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(check, PAUSE_MS);
  });

  place.addEventListener("click", event => {
    const line = Number(event.target.closest("[data-line]")?.dataset.line);
    if (!line) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
    text.focus();
    text.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    text.scrollTop = (text.scrollHeight / lines.length) * Math.max(line - 5, 0);
  });
}
