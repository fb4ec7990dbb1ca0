// The log form: mark what needs no scripts, offer lines and sums while somebody types, and keep on
// the device what cannot be sent (device.js, worker.js).

const form = () => document.getElementById("log-form");

document.documentElement.classList.add("has-scripts");

// --- Back from what was just saved: to that record, not to a second one -----------------------

const SENT = "log-form-sent"; // the key of the last form sent from this tab

document.addEventListener("submit", (event) => {
  if (event.target === form() && !event.defaultPrevented) {
    sessionStorage.setItem(SENT, form().elements.client_key.value);
  }
});

addEventListener("pageshow", ({ persisted }) => {
  const cameBack = persisted || performance.getEntriesByType("navigation")[0]?.type === "back_forward";
  const sent = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (cameBack && sent && location.pathname === addresses.log) {
    location.replace(`${addresses.log}?sent=${sent}`);
  }
});

// --- Another kind: what was typed while its fields were on their way stays --------------------

const BOXES = 'textarea, input:not([type="hidden"], [type="radio"], [type="file"])';
const boxes = () => [...form().querySelectorAll(BOXES)];
const stateOf = (box) => (box.type === "checkbox" ? "checked" : "value");
let typed = new Map();

document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.target === form()) {
    typed = new Map(boxes().map((box) => [box.id, box[stateOf(box)]]));
  }
});

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target === form()) {
    for (const box of boxes().filter(({ id }) => typed.has(id))) {
      box[stateOf(box)] = typed.get(box.id);
    }
  }
});

// The autosave that waited went with the old form; the new one has listeners from here on.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target === form() && (form().elements.title.value || lineTexts().some((box) => box.value))) {
    form().dispatchEvent(new Event("input", { bubbles: true }));
  }
});

// --- Opinions: a further line stands ready as soon as the last one has words ------------------

const lineTexts = () => [...form().querySelectorAll(".opinion-line textarea")];
const lastIsBlank = () => lineTexts().at(-1)?.value.trim() === "";

function addLine() {
  const count = form().elements["opinions-TOTAL_FORMS"];
  const pattern = document.getElementById("opinion-line");
  if (Number(count.value) < Number(pattern.dataset.most)) {
    const words = pattern.innerHTML.replaceAll("__prefix__", count.value);
    count.value = Number(count.value) + 1;
    pattern.insertAdjacentHTML("beforebegin", words.replaceAll("__number__", count.value));
  }
}

document.addEventListener("input", (event) => {
  if (event.target === lineTexts().at(-1) && !lastIsBlank()) {
    addLine();
  }
});

document.addEventListener("click", (event) => {
  if (!event.target.closest('button[value="opinion"]')) {
    return;
  }
  if (!lastIsBlank()) {
    addLine();
  }
  if (lastIsBlank()) {
    event.preventDefault();
    lineTexts().at(-1).focus();
  }
});

// --- Attendance, explained while it is typed ----------------------------------------------

const AWAY = { excused: "请假", on_duty: "公务", teaching: "授课", away_otherwise: "其他原因" };
const COUNTED = ["expected", "present", ...Object.keys(AWAY)];

document.addEventListener("input", (event) => {
  if (event.target.form !== form() || !COUNTED.includes(event.target.name)) {
    return;
  }
  const [expected, present, ...away] = COUNTED.map((name) => form().elements[name]?.value ?? "");
  const absent = away.reduce((rest, people) => rest - Number(people), expected - present);
  const isKnown = expected !== "" && present !== "" && absent >= 0;
  const parts = [`应到${expected}＝实到${present}`];
  Object.values(AWAY).forEach((word, at) => {
    if (Number(away[at])) {
      parts.push(`${word}${away[at]}`);
    }
  });
  parts.push(`缺席${absent}`);
  explanation().textContent = isKnown ? parts.join("＋") : "";
});

/** The line below 应到 and 实到, made when it is first needed. */
function explanation() {
  const known = document.getElementById("attendance-sum");
  if (known) {
    return known;
  }
  const line = document.createElement("p");
  Object.assign(line, { id: "attendance-sum", className: "form-text" });
  line.setAttribute("role", "status");
  const box = form().elements.present;
  (box.closest(".form-pair") ?? box.closest(".form-field")).after(line);
  return line;
}

// --- Without a network ----------------------------------------------------------------------

const { device } = globalThis;
const addresses = document.getElementById("device-addresses").dataset;
const canKeep = Boolean(navigator.serviceWorker && globalThis.crypto?.subtle);

function keptAs(action) {
  return device.keep(new FormData(form()), { path: location.pathname, action });
}

async function prepareDevice() {
  await navigator.serviceWorker.register(addresses.worker, { scope: "/" });
  const answer = await fetch(addresses.key);
  await device.learn(await answer.json());
  await device.drop(form().elements.client_key.value);
  await device.keepHabits({ units: unitsOffered(), entries: guesses() });
  await underControl();
  document.documentElement.dataset.device = "ready";
}

/** Until the worker answers for this page; on the first visit it takes over a moment later. */
function underControl() {
  return new Promise((resolve) => {
    navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true });
    if (navigator.serviceWorker.controller) {
      resolve();
    }
  });
}

function unitsOffered() {
  const unit = form().elements.unit;
  const options = unit.options ? [...unit.options] : [];
  return options.length ? options.map((each) => [each.value, each.text.trim()]) : [[unit.value, addresses.unit]];
}

/** What stands in the form before anybody types, for the same form without a network. */
function guesses() {
  const first = new FormData(form());
  return ["unit", "kind", "place", "host", "recorder", "expected"]
    .filter((name) => typeof first.get(name) === "string")
    .map((name) => [name, first.get(name)]);
}

if (canKeep) {
  addEventListener("load", () => prepareDevice().catch(() => {}));

  document.addEventListener(
    "submit",
    async (event) => {
      if (event.target !== form() || navigator.onLine) {
        return;
      }
      event.preventDefault();
      event.stopImmediatePropagation();
      await keptAs(event.submitter?.name === "action" ? "draft" : "save");
      delete form().dataset.touched;
      location.assign(addresses.page);
    },
    true,
  );

  // An autosave that reached nobody: before the frame says so in other words.
  for (const name of ["htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(
      name,
      async (event) => {
        if (event.target.id !== "autosave") {
          return;
        }
        event.stopPropagation();
        await keptAs("draft");
        delete form().dataset.touched;
        document.getElementById("save-mark").textContent = "没有网络，已存在这台设备上。";
      },
      true,
    );
  }

  // A session that ended: before forms.js says so in other words.
  document.addEventListener(
    "htmx:beforeOnLoad",
    async (event) => {
      if (event.target.id !== "autosave" || !event.detail.xhr.getResponseHeader("HX-Redirect")) {
        return;
      }
      event.preventDefault();
      event.stopPropagation();
      await keptAs("draft");
      delete form().dataset.touched;
      const next = new URLSearchParams({ next: addresses.page });
      const link = Object.assign(document.createElement("a"), { href: `${document.body.dataset.signIn}?${next}` });
      link.textContent = "重新登录后接着写";
      document.getElementById("save-mark").replaceChildren("登录已过期，写的内容已存在这台设备上。", link);
    },
    true,
  );

  addEventListener("online", () => form()?.dispatchEvent(new Event("input", { bubbles: true })));

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target.id === "autosave" && event.detail.successful) {
      device.drop(form().elements.client_key.value);
    }
  });
}

document.addEventListener("change", (event) => {
  if (event.target.matches('#log-form input[type="file"]')) {
    device.shrinkPhotos(event.target);
  }
});
