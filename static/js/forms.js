// Forms: lead to the first error, wait for an autosave, send once, and warn before typed text is lost.

const SEND_AGAIN_AFTER_MS = 8000;

document.querySelector("[data-focus-first]")?.focus();

document.addEventListener("click", (event) => {
  const link = event.target.closest(".error-summary a");
  const field = link && document.getElementById(link.hash.slice(1));
  if (field) {
    event.preventDefault();
    field.closest("details")?.setAttribute("open", "");
    field.focus();
    field.closest(".form-field")?.scrollIntoView({ block: "center" });
  }
});

// An autosave makes the version that the next sending builds on: a form waits for the one under way.
let saving = null; // the form
let tapped = null; // the button that sends it

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "autosave") {
    saving = event.target.closest("form");
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "autosave") {
    return;
  }
  const [form, button] = [saving, tapped];
  [saving, tapped] = [null, null];
  if (button) {
    form.requestSubmit(button);
  }
});

// Capture: before the listener that lets a form be sent only once.
document.addEventListener(
  "submit",
  (event) => {
    if (saving && event.target === saving) {
      event.preventDefault();
      tapped = event.submitter;
    }
  },
  true,
);

// --- A session that ended while somebody wrote: the page and what is typed in it stay ----------

const { signIn, token } = document.body.dataset;
let hasLapsed = false;

document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.target.id !== "autosave" || !event.detail.xhr.getResponseHeader("HX-Redirect")) {
    return;
  }
  event.preventDefault();
  hasLapsed = true;
  const link = Object.assign(document.createElement("a"), { href: signIn, target: "_blank" });
  link.textContent = "在新页重新登录";
  const mark = document.getElementById("save-mark");
  mark.replaceChildren("登录已过期，刚才写的还没有保存。请", link, "，再回到这里接着写。");
});

/** Signing in again made a new token: without it what this page sends would be refused. */
async function renewToken() {
  const answer = await fetch(token).catch(() => null);
  if (!answer?.ok || answer.redirected) {
    return;
  }
  const renewed = (await answer.json()).token;
  for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    field.value = renewed;
  }
  document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": renewed }));
  hasLapsed = false;
  document.getElementById("autosave").dispatchEvent(new Event("input", { bubbles: true }));
}

// Signed out and in again in another tab: the token here is an old one. Tried once.
let hasRenewed = false;

document.addEventListener(
  "htmx:responseError",
  (event) => {
    if (event.target.id === "autosave" && event.detail.xhr.status === 403 && !hasRenewed) {
      hasRenewed = true;
      event.stopPropagation();
      renewToken();
    }
  },
  true,
);

document.addEventListener("visibilitychange", () => {
  if (hasLapsed && !document.hidden) {
    renewToken();
  }
});

/** A second click while the first is on its way must not send twice; the server guards it too. */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  delete form.dataset.touched;
  setTimeout(() => delete form.dataset.sent, SEND_AGAIN_AFTER_MS);
});

window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) {
    delete form.dataset.sent;
  }
});

/** Forms with data-keep ask the browser to warn before typed text is lost. */
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (form) {
    form.dataset.touched = "yes";
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-keep]");
  if (form && event.detail.successful) {
    delete form.dataset.touched;
  }
});

window.addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-keep][data-touched]")) {
    event.preventDefault();
  }
});

/** Letters left, said only when it matters: the last fifth of maxlength. */
document.addEventListener("input", (event) => {
  const box = event.target;
  if (!box.matches?.("textarea[maxlength]")) {
    return;
  }
  const left = box.maxLength - box.value.length;
  let mark = box.parentElement.querySelector(".letters-left");
  if (left > box.maxLength / 5) {
    mark?.remove();
    return;
  }
  if (!mark) {
    mark = document.createElement("p");
    mark.className = "form-text letters-left";
    box.after(mark);
  }
  mark.textContent = `还可以写 ${left} 字`;
});
