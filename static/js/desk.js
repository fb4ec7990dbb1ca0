// The review desk by keyboard: 1–5 score, a/p/d/c choose the decision, r returns, Ctrl+Enter saves.
// Everything here can be done by mouse, and without this file.

const TYPING = "input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]";
const KEYS_OFF = "keys-off"; // as in frame.js
const VERDICTS = { a: "adopted", p: "partly_adopted", d: "declined", c: "already_covered" };

const form = document.getElementById("desk-form");
/** Names of what is scored, in the order of the page: the two of the plan and the campaign's own. */
const CRITERIA = [
  ...new Set(
    [...document.querySelectorAll("#score-part input[type=radio]")].map((radio) => radio.name),
  ),
];
let turn = 0;

function groupOf(name) {
  return form?.querySelector(`input[name="${name}"]`)?.closest("fieldset");
}

function light() {
  CRITERIA.forEach((name, at) => groupOf(name)?.classList.toggle("is-active", at === turn));
}

function choose(name, value) {
  const radio = form?.querySelector(`input[name="${name}"][value="${value}"]`);
  if (!radio) {
    return false;
  }
  radio.checked = true;
  radio.dispatchEvent(new Event("input", { bubbles: true }));
  radio.dispatchEvent(new Event("change", { bubbles: true }));
  radio.scrollIntoView({ block: "nearest" });
  return true;
}

function giveScore(value) {
  if (CRITERIA.length && choose(CRITERIA[turn], value)) {
    turn = (turn + 1) % CRITERIA.length;
    light();
  }
}

function decide(value) {
  if (choose("verdict", value)) {
    document.getElementById("id_reasons")?.focus();
  }
}

function openReturn() {
  const part = document.getElementById("return-part");
  if (part) {
    part.open = true;
    part.querySelector("textarea")?.focus();
  }
}

/** The form's main button; on the desk the scores alone while no decision is chosen. */
function save(own) {
  const buttons = [...(own?.querySelectorAll("button[type=submit]") ?? [])];
  const undecided = own === form && !form.querySelector("input[name=verdict]:checked");
  const scores = buttons.find((button) => button.value === "score");
  own?.requestSubmit((undecided && scores) || buttons[0]);
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest(TYPING);
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    save(event.target.closest("form") ?? form);
    return;
  }
  if (event.key === "Escape" && typing) {
    event.target.blur();
    return;
  }
  const modified = event.ctrlKey || event.metaKey || event.altKey;
  if (typing || modified || document.querySelector("dialog[open]") || localStorage.getItem(KEYS_OFF)) {
    return;
  }
  if (/^[1-5]$/.test(event.key)) {
    event.preventDefault();
    giveScore(event.key);
  } else if (event.key in VERDICTS) {
    event.preventDefault();
    decide(VERDICTS[event.key]);
  } else if (event.key === "r") {
    event.preventDefault();
    openReturn();
  }
});

// --- Another clause: a wording typed for the one before comes back with it --------------------

const typedWordings = new Map();
const wordingBoxes = () => [document.getElementById("id_base_text"), document.getElementById("id_new_text")];

document.addEventListener("htmx:beforeSwap", ({ target }) => {
  const [base, wording] = wordingBoxes();
  if (target.id === "wording" && wording.value !== base.value) {
    typedWordings.set(`${target.dataset.clause} ${base.value}`, wording.value);
  }
});

document.addEventListener("htmx:afterSwap", ({ target }) => {
  const [base, wording] = wordingBoxes();
  if (target.id === "wording") {
    wording.value = typedWordings.get(`${target.dataset.clause} ${base.value}`) ?? wording.value;
  }
});

light();
