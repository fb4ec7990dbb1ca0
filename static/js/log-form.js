// The log form: wait for an autosave under way before sending, mark what needs no scripts, and
// keep on the device what cannot be sent (device.js, worker.js).

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
