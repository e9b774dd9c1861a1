// Asks for the alert of this form on this device, once its user pressed the button and the browser said yes.
const form = document.querySelector("form[data-push]");
const button = form?.querySelector("[data-sign-up]");
const key = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
const able = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;

async function ask() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  await navigator.serviceWorker.register(form.dataset.worker);
  const worker = await navigator.serviceWorker.getRegistration(form.dataset.worker);
  for (let tries = 0; !worker.active && tries < 100; tries++) await new Promise((done) => setTimeout(done, 50));
  const options = { userVisibleOnly: true, applicationServerKey: key(form.dataset.push) };
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "subscription", value: JSON.stringify(await worker.pushManager.subscribe(options)) });
  form.append(field);
  form.submit();
}

if (button && !able) button.remove();
button?.addEventListener("click", () => {
  button.disabled = true;
  ask().catch(() => {
    button.disabled = false;
    form.querySelector("[role=status]").textContent = form.dataset.denied;
  });
});
