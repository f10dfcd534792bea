// What scripts add to pages that work without them.
(() => {
  const each = (root, selector, act) => root.querySelectorAll(selector).forEach(act);

  // A form is sent once; a page that comes back from the history may send again.
  const release = (form) => {
    delete form.dataset.sent;
    each(form, "[data-waits]", (b) => {
      b.disabled = false;
      delete b.dataset.waits;
    });
  };
  addEventListener("pageshow", () => each(document, "form[data-sent]", release));

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if ("form" in form.dataset) {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "1";
      // Later, since the value of a disabled button is not sent.
      setTimeout(() => each(form, "button:enabled", (b) => {
        b.dataset.waits = "1";
        b.disabled = true;
      }));
    }
    const { target } = form.dataset;
    if (!("fragment" in form.dataset) || !document.getElementById(target)) return;
    event.preventDefault();
    const by = event.submitter;
    const get = form.method === "get";
    const data = new FormData(form, by);
    const url = new URL(by?.getAttribute("formaction") || form.getAttribute("action") || "", location.href);
    if (get) url.search = new URLSearchParams(data);
    const body = form.enctype.startsWith("multipart") ? data : new URLSearchParams(data);
    replace(url, get ? {} : { method: "POST", body }, target)
      .catch(() => {
        if (get) return location.assign(url);
        delete form.dataset.fragment;
        release(form);
        form.requestSubmit(by);
      })
      .finally(() => "fragment" in form.dataset && release(form));
  });

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-fragment]");
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (!link || !document.getElementById(link.dataset.target)) return;
    event.preventDefault();
    replace(link.href, {}, link.dataset.target).catch(() => location.assign(link.href));
  });

  // Puts the element `id` of the answer, and its flash, in the place of ours. Throws if it cannot.
  let pending;
  async function replace(url, options, id) {
    const read = !options.method;
    const control = new AbortController();
    if (read) {
      pending?.abort();
      pending = control;
    }
    document.getElementById(id).ariaBusy = "true";
    let answer, text;
    try {
      answer = await fetch(url, { ...options, signal: control.signal, headers: { Accept: "text/html" } });
      text = await answer.text();
    } catch (error) {
      if (control.signal.aborted) return;
      throw error;
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    const fresh = page.getElementById(id);
    // Another page altogether, such as the sign-in: go there.
    if (!fresh && answer.redirected) return location.assign(answer.url);
    if (!fresh || answer.status >= 500) throw new Error(answer.status);
    const old = document.getElementById(id);
    const held = document.activeElement;
    const inside = old.contains(held);
    old.replaceWith(fresh);
    const flash = page.getElementById("flash");
    if (flash?.childElementCount) document.getElementById("flash").replaceWith(flash);
    if (read) {
      history.pushState(null, "", answer.url);
      address = place();
      document.title = page.title;
    }
    if (inside) {
      const next = (held.id && document.getElementById(held.id)) || fresh.querySelector("[autofocus]") || fresh;
      if (next === fresh) fresh.tabIndex = -1;
      next.focus({ preventScroll: true });
    }
    dress();
  }
  // The address whose page is shown. A jump within it needs no other.
  const place = () => location.pathname + location.search;
  let address = place();
  addEventListener("popstate", () => place() !== address && location.reload());

  // Undo: the seconds count down, then the offer goes, and with it the bar that holds nothing else.
  function undo(form) {
    const until = Date.now() + form.dataset.undo * 1000;
    const words = form.querySelector(".seconds");
    const tick = setInterval(() => {
      const left = Math.max(0, Math.ceil((until - Date.now()) / 1000));
      words.textContent = words.textContent.replace(/\d+/, left);
      if (left) return;
      clearInterval(tick);
      if (!form.dataset.sent) (form.closest("[data-gone]") || form).remove();
    }, 1000);
  }

  // Characters left, once half of them are used.
  function count(area) {
    const words = area.dataset.left;
    const note = document.createElement("p");
    note.className = "left";
    const show = () => {
      const left = area.maxLength - area.value.length;
      note.textContent = words.replace("#", left);
      note.hidden = left > area.maxLength / 2;
      note.role = left < 50 ? "status" : null;
    };
    area.after(note);
    area.addEventListener("input", show);
    show();
  }

  // Suggestions: a JSON list of { value, label }.
  function suggest(input) {
    const list = document.createElement("datalist");
    const url = new URL(input.dataset.suggest, location.href);
    let wait, ask;
    list.id = `${input.id}-list`;
    input.after(list);
    input.setAttribute("list", list.id);
    input.addEventListener("input", (event) => {
      clearTimeout(wait);
      ask?.abort();
      const typed = input.value.trim();
      // A choice from the list comes as a replacement, not as typing.
      if (typed.length < 2 || !event.inputType || event.inputType === "insertReplacementText") return;
      wait = setTimeout(async () => {
        ask = new AbortController();
        url.searchParams.set("q", typed);
        try {
          const answer = await fetch(url, { signal: ask.signal });
          const found = answer.ok ? await answer.json() : [];
          list.replaceChildren(...found.map(({ value, label }) => new Option(label, value)));
        } catch { /* Typed in full it works as well. */ }
      }, 250);
    });
  }

  // The own position: asked for by the button alone. For a search rounded to about 100 m, with the name of its district;
  // else written into the field.
  function here(button) {
    if (!navigator.geolocation) return button.parentElement.remove();
    const words = button.parentElement.querySelector(".meta");
    const none = () => {
      words.textContent = button.dataset.none;
      words.role = "status";
      button.disabled = false;
    };
    button.addEventListener("click", () => {
      button.disabled = true;
      navigator.geolocation.getCurrentPosition(async ({ coords }) => {
        const field = document.getElementById(button.dataset.for);
        const at = document.getElementById(button.dataset.at);
        const [lat, lon] = [coords.latitude, coords.longitude].map((degrees) => degrees.toFixed(at ? 3 : 5));
        try {
          if (at) {
            const url = new URL(button.dataset.here, location.href);
            url.search = new URLSearchParams({ lat, lon });
            const [found] = await (await fetch(url)).json();
            field.value = found.value;
            at.value = `${lat},${lon}`;
            field.addEventListener("input", () => { at.value = ""; }, { once: true });
          } else field.value = `${lat}, ${lon}`;
          field.focus();
          button.disabled = false;
        } catch {
          none();
        }
      }, none, { timeout: 10000, maximumAge: 600000 });
    });
  }

  // Another language, and what was typed stays: kept in this tab until the page is there again. Secrets and files are not.
  const KEEP = "typed";
  const fields = (form) => [...form.elements].filter(({ name, type }) =>
    name && !["hidden", "password", "file", "submit", "button", "fieldset"].includes(type));
  const ticked = ({ type }) => type === "checkbox" || type === "radio";
  const posted = () => [...document.querySelectorAll("form[data-form]")];
  document.querySelector(".languages")?.addEventListener("submit", () => {
    const of = (field) => [field.name, ticked(field) ? field.checked : field.value];
    const typed = posted().map((form) => [form.getAttribute("action"), fields(form).map(of)]);
    try {
      sessionStorage.setItem(KEEP, JSON.stringify(typed));
    } catch { /* Without storage the page comes empty, as it does without scripts. */ }
  });
  function refill() {
    let typed;
    try {
      typed = JSON.parse(sessionStorage.getItem(KEEP));
      sessionStorage.removeItem(KEEP);
    } catch { /* As above. */ }
    for (const [action, values] of typed ?? []) {
      const form = posted().find((one) => one.getAttribute("action") === action);
      const now = form ? fields(form) : [];
      if (now.length !== values.length || now.some((field, n) => field.name !== values[n][0])) continue;
      now.forEach((field, n) => {
        const value = values[n][1];
        if (!ticked(field)) field.value = value;
        else if (field.checked !== value) {
          field.checked = value;
          if (value && field.closest("details")) field.closest("details").open = true;
        }
      });
    }
  }
  refill();

  const dressed = new WeakSet();
  function dress() {
    const once = (act) => (e) => dressed.has(e) || (dressed.add(e), act(e));
    each(document, "form[data-undo]", once(undo));
    each(document, "textarea[data-left]", once(count));
    each(document, "input[data-suggest]", once(suggest));
    each(document, "button[data-here]", once(here));
  }
  dress();
})();
