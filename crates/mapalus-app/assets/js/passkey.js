// Passkeys: what a browser has to do by script. Every word stands in the page, which offers other ways without it.
(() => {
  if (!window.PublicKeyCredential || !navigator.credentials) return;
  const bytes = (text) =>
    Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

  // What our API answers; what it refuses is thrown with its words.
  async function send(path, body) {
    const headers = { Accept: "application/json" };
    if (body) headers["Content-Type"] = "application/json";
    const answer = await fetch(path, { method: "POST", headers, body: body && JSON.stringify(body) });
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told;
    throw Object.assign(new Error(told.fields?.[0]?.detail ?? told.detail), { ours: Boolean(told.detail), key: told.key });
  }

  const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));
  const made = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    user: { ...options.user, id: bytes(options.user.id) },
    excludeCredentials: known(options.excludeCredentials),
  });
  const shown = (options) => ({
    ...options,
    challenge: bytes(options.challenge),
    allowCredentials: known(options.allowCredentials),
  });
  const parts = ["attestationObject", "authenticatorData", "clientDataJSON", "signature", "userHandle"];
  function plain(credential) {
    const response = {};
    for (const part of parts) if (credential.response[part]) response[part] = text(credential.response[part]);
    const { id, type } = credential;
    return { id, rawId: text(credential.rawId), type, response, extensions: {} };
  }

  // The one request that waits in the list of a field, until a button asks in its place.
  let waiting;

  async function run(box, { mediation } = {}) {
    const { ask, answer, done, next, prove } = box.dataset;
    const make = box.dataset.passkey === "create";
    let chosen = false;
    try {
      const challenge = ask ? await send(ask) : JSON.parse(box.dataset.challenge);
      waiting?.abort();
      waiting = mediation && new AbortController();
      const credential = make
        ? await navigator.credentials.create({ publicKey: made(challenge.options) })
        : await navigator.credentials.get({
            publicKey: shown(challenge.options), mediation, signal: waiting?.signal,
          });
      waiting = undefined;
      chosen = true;
      const body = { ceremony: challenge.ceremony, credential: plain(credential) };
      const name = box.querySelector("input");
      if (name) body.name = name.value;
      if (next) body.next = next;
      const told = await send(answer, body);
      location.assign(told.place ?? done);
      return true;
    } catch (error) {
      if (error.key === "refusal-prove" && prove) {
        location.assign(prove);
        return true;
      }
      // What was let be, by the person or for another request, or what we refuse before anything was chosen, needs no word
      // while nobody pressed a button.
      if (mediation && !chosen) return false;
      const words = box.querySelector(".error");
      words.textContent = error.ours ? error.message : box.dataset.failed;
      words.hidden = false;
      return error.key === "people-passkey-over" ? "over" : false;
    }
  }

  for (const offer of document.querySelectorAll("[data-passkey-offer]")) offer.hidden = false;
  for (const box of document.querySelectorAll("[data-passkey]")) {
    const button = box.querySelector("button");
    box.hidden = false;
    // Offered in the list of the field: once more when its challenge was over, or when the button led to nothing.
    const offer = async () => {
      if (!("conditional" in box.dataset)) return;
      if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
      if ((await run(box, { mediation: "conditional" })) === "over") offer();
    };
    button.addEventListener("click", async () => {
      button.disabled = true;
      box.querySelector(".error").hidden = true;
      if ((await run(box)) === true) return;
      button.disabled = false;
      offer();
    });
    offer();
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const button of document.querySelectorAll("[data-passkey] button")) button.disabled = false;
  });
})();
