// The button « Carte interactive ». Nothing of the map is loaded before it is pressed.
const live = document.getElementById("live");
const button = live.querySelector("button");
const said = live.querySelector(".said");
let opened = null;

function refused(why) {
  button.closest("p").hidden = true;
  said.textContent = why;
}

async function pressed() {
  if (opened) return opened.toggle();
  if (button.getAttribute("aria-busy")) return undefined;
  button.setAttribute("aria-busy", "true");
  said.textContent = live.dataset.loading;
  try {
    if (!document.createElement("canvas").getContext("webgl2")) return refused(live.dataset.unable);
    const { open } = await import(live.dataset.drawing);
    opened = await open(live);
  } catch (error) {
    console.warn(error);
    said.textContent = live.dataset.failed;
  } finally {
    button.removeAttribute("aria-busy");
  }
  return undefined;
}

live.hidden = false;
if ("WebGL2RenderingContext" in window) button.addEventListener("click", pressed);
else refused(live.dataset.unable);
