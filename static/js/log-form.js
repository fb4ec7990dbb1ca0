// The log form: wait for an autosave under way before sending, and mark what needs no scripts.

const form = () => document.getElementById("log-form");
let saving = false;
let waiting = null;

document.documentElement.classList.add("has-scripts");

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.target.id === "autosave") {
    saving = true;
  }
});

document.addEventListener("htmx:afterRequest", (event) => {
  if (event.target.id !== "autosave") {
    return;
  }
  saving = false;
  if (waiting) {
    const button = waiting;
    waiting = null;
    form().requestSubmit(button);
  }
});

// Capture: before the listener that lets a form be sent only once.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target === form() && saving) {
      event.preventDefault();
      waiting = event.submitter;
    }
  },
  true,
);
