// Passkeys: a form holds what to ask the browser; its answer goes back in the same form.
const bytes = text => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), sign => sign.charCodeAt(0));
const text = buffer =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** The options as the browser wants them: bytes where JSON has base64url. */
function opened(options) {
  const listed = name => options[name]?.map(each => ({ ...each, id: bytes(each.id) }));
  const made = { ...options, challenge: bytes(options.challenge) };
  if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
  for (const name of ["excludeCredentials", "allowCredentials"]) if (options[name]) made[name] = listed(name);
  return made;
}

/** The browser's answer as JSON. */
function closed(credential) {
  const response = { clientDataJSON: text(credential.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (credential.response[name]) response[name] = text(credential.response[name]);
  const { id, type } = credential;
  return JSON.stringify({ id, rawId: text(credential.rawId), type, response, clientExtensionResults: {} });
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const button = form.querySelector("button");
  const trouble = form.querySelector("[data-trouble]");
  form.addEventListener("submit", async event => {
    if (form.elements.answer.value) return;
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    trouble.hidden = true;
    try {
      const publicKey = opened(JSON.parse(form.dataset.options));
      form.elements.answer.value = closed(await navigator.credentials[form.dataset.passkey]({ publicKey }));
      form.submit();
    } catch {
      // Refused by the person, not found, or no key here: the page says what else there is.
      trouble.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
}
// Back from the next page: the challenge has served, so ask for a fresh page.
addEventListener("pageshow", event => event.persisted && location.reload());
