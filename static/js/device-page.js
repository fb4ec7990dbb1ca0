// The page a device keeps: what waits here to be sent, and a form for one more.

const { device } = globalThis;
const form = document.getElementById("device-form");
const list = document.getElementById("device-drafts");
const mark = document.getElementById("save-mark");
const KEEP_AFTER_MS = 800;
const MOST_OPINIONS = 60;
const TRY_AGAIN_AFTER_MS = 5000;
let draft = null; // the one in the form, as kept; null for a fresh one
let waiting = 0;

const box = (name) => form.querySelector(`[name="${name}"]`);
const freshKey = () => crypto.randomUUID();

// --- The form -----------------------------------------------------------------------------

function showFieldsOfKind() {
  for (const row of form.querySelectorAll("[data-kinds]")) {
    const belongs = row.dataset.kinds.split(" ").includes(box("kind").value);
    row.hidden = !belongs;
    for (const field of row.querySelectorAll("input, select, textarea")) {
      field.disabled = !belongs;
    }
  }
}

function fill(entries) {
  form.reset();
  for (const [name, value] of entries) {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
      if (field.type === "checkbox" || field.type === "radio") {
        field.checked ||= field.value === value;
      } else if (field.type !== "file") {
        field.value = value;
      }
    }
  }
  const said = entries.filter(([name]) => /^opinions-\d+-text$/.test(name)).map(([, value]) => value.replaceAll("\n", " "));
  box("opinions").value = said.filter(Boolean).join("\n");
  showFieldsOfKind();
}

/** What the log form would send: the draft's own entries, overwritten by what stands here. */
function written() {
  const here = new FormData(form);
  const names = new Set([...form.elements].map((field) => field.name).filter(Boolean));
  const data = new FormData();
  const opinions = (here.get("opinions") ?? "").split("\n").filter((line) => line.trim()).slice(0, MOST_OPINIONS);
  for (const [name, value] of draft?.entries ?? []) {
    const line = /^opinions-(\d+)-/.exec(name);
    if (!names.has(name) && !name.endsWith("-text") && !(line && Number(line[1]) >= opinions.length)) {
      data.append(name, value);
    }
  }
  for (const [name, value] of here) {
    if (name !== "opinions") {
      data.append(name, value);
    }
  }
  opinions.forEach((text, at) => data.set(`opinions-${at}-text`, text));
  data.set("opinions-TOTAL_FORMS", String(opinions.length));
  data.set("opinions-INITIAL_FORMS", "0");
  for (const [name, file] of draft?.files ?? []) {
    data.append(name, file);
  }
  return data;
}

async function keep(action) {
  clearTimeout(waiting);
  const path = draft?.path ?? form.dataset.path;
  const id = await device.keep(written(), { path, action });
  draft = (await device.drafts()).find((each) => each.id === id);
  box("files").value = "";
  await showDrafts();
}

async function startAfresh() {
  draft = null;
  const habits = await device.habits();
  box("unit").replaceChildren(...(habits?.units ?? []).map(([value, label]) => new Option(label, value)));
  fill(habits?.entries ?? []);
  box("client_key").value = freshKey();
  box("version").value = "0";
  box("held_on").value = new Date(Date.now() - new Date().getTimezoneOffset() * 60_000).toISOString().slice(0, 10);
}

form.addEventListener("change", (event) => {
  if (event.target.name === "kind") {
    showFieldsOfKind();
  }
});

form.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    await keep("draft");
    mark.textContent = "已存在这台设备上。";
  }, KEEP_AFTER_MS);
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  await keep("save");
  await startAfresh();
  mark.textContent = "已存在这台设备上，联网后自动发送。";
  scrollTo(0, 0);
  sendIfConnected();
});

box("files").addEventListener("change", (event) => device.shrinkPhotos(event.target));

// --- What waits ---------------------------------------------------------------------------

async function showDrafts() {
  const drafts = await device.drafts();
  document.getElementById("device-waiting").hidden = drafts.length === 0;
  list.replaceChildren(...drafts.map(cardOf));
}

function cardOf(kept) {
  const card = document.getElementById("device-card").content.cloneNode(true).firstElementChild;
  const text = (part, words) => {
    card.querySelector(`[data-part="${part}"]`).textContent = words;
  };
  const photos = kept.files.length ? `，附${kept.files.length}个文件` : "";
  const [day, clock] = [kept.value("held_on"), new Date(kept.keptAt).toTimeString().slice(0, 5)];
  text("title", kept.value("title") || "还没有填写主题");
  text("state", kept.action === "save" ? "等待发送" : "没有写完");
  text("meta", `${day}，${clock}保存${photos}`);
  card.dataset.id = kept.id;
  return card;
}

list.addEventListener("click", async (event) => {
  const action = event.target.closest("[data-do]")?.dataset.do;
  const id = event.target.closest("[data-id]")?.dataset.id;
  const chosen = (await device.drafts()).find((each) => each.id === id);
  if (!action || !chosen) {
    return;
  }
  if (action === "open") {
    draft = chosen;
    fill(chosen.entries);
    form.scrollIntoView();
  } else if (action === "look") {
    await submitByHand(chosen);
  } else if (action === "ask") {
    event.target.hidden = true;
    event.target.nextElementSibling.hidden = false;
    event.target.nextElementSibling.focus();
  } else if (action === "delete") {
    await device.drop(id);
    await showDrafts();
  }
});

/** Let the server show its own page about this draft, with everything written in it. */
async function submitByHand(kept) {
  const answer = await fetch(document.body.dataset.deviceKey);
  if (!answer.ok || answer.redirected) {
    mark.textContent = "请先登录，再打开核对。";
    return;
  }
  const byHand = document.createElement("form");
  Object.assign(byHand, { method: "post", action: kept.path, enctype: "multipart/form-data", hidden: true });
  for (const [name, value] of device.formOf(kept, "", (await answer.json()).token)) {
    const field = document.createElement("input");
    if (value instanceof File) {
      const files = new DataTransfer();
      files.items.add(value);
      Object.assign(field, { type: "file", name, files: files.files });
    } else {
      Object.assign(field, { type: "hidden", name, value });
    }
    byHand.append(field);
  }
  document.body.append(byHand);
  byHand.submit();
}

// --- Sending ------------------------------------------------------------------------------

async function sendIfConnected() {
  if (navigator.onLine) {
    (await navigator.serviceWorker?.ready)?.active.postMessage("send");
  }
}

function sayWhatBecame({ failed, signedOut, isStored, isRecord, id, title, url }) {
  if (failed) {
    setTimeout(sendIfConnected, TRY_AGAIN_AFTER_MS);
    return;
  }
  if (signedOut) {
    document.getElementById("device-sign-in").hidden = false;
    return;
  }
  if (!isStored) {
    const card = list.querySelector(`[data-id="${CSS.escape(id)}"]`);
    card?.querySelector('[data-do="look"]').removeAttribute("hidden");
    return;
  }
  const line = document.createElement("li");
  const link = document.createElement("a");
  link.href = url;
  link.textContent = title || "没有主题的草稿";
  line.append(isRecord ? "已记录：" : "已存为草稿，请打开核对：", link);
  document.getElementById("device-sent").append(line);
}

navigator.serviceWorker?.addEventListener("message", async (event) => {
  await showDrafts();
  sayWhatBecame(event.data);
});
navigator.serviceWorker?.startMessages();
addEventListener("online", sendIfConnected);

const me = await device.who();
if (me) {
  await startAfresh(); // before anybody can type, or it would wipe out what was typed
  await showDrafts();
}
document.getElementById(me ? "device-writing" : "device-stranger").hidden = false;
if (me) {
  await sendIfConnected();
}
