// Signs this browser up for notifications, when its user presses the button and says yes.
const form = document.querySelector("form[data-push]");
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));

// No browser signs up by a worker that is not active yet, and the first time it is still being installed.
function active(registration) {
  const worker = registration.installing ?? registration.waiting;
  if (registration.active || !worker) return registration;
  return new Promise((done, failed) => {
    worker.addEventListener("statechange", () => {
      if (registration.active) done(registration);
      else if (worker.state === "redundant") failed(new Error("redundant"));
    });
  });
}

async function signUp() {
  if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
  const worker = await active(await navigator.serviceWorker.register(form.dataset.worker));
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(form.dataset.push) });
  const told = new FormData(form);
  told.set("subscription", JSON.stringify(subscription));
  const answer = await fetch(form.action, { method: "POST", body: told });
  if (!answer.ok) throw new Error(answer.status);
  location.reload();
}

if (form) {
  const button = form.querySelector("button");
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) button.remove();
  else
    button.addEventListener("click", () => {
      button.disabled = true;
      signUp().catch(() => {
        button.disabled = false;
        form.querySelector("[role=status]").textContent = form.dataset.denied;
      });
    });
}
