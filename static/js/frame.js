// The frame's small conveniences. Every page does its main job without this file.

const KEYS_OFF = "keys-off";
const TYPING = "input, textarea, select, [contenteditable]";

/** Menus are <details>: close them by Esc (focus returns) and by a click elsewhere. */
function closeMenus(except) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(except)) {
      menu.open = false;
    }
  }
}

document.addEventListener("click", (event) => closeMenus(event.target));

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const menu = document.querySelector("details.menu[open]");
    menu?.querySelector("summary").focus();
    closeMenus(null);
  }
});

/** Single keys act only where nobody types, and not for those who switched them off. */
function isCommand(event) {
  const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
  const busy = event.target.closest(TYPING) || document.querySelector("dialog[open]");
  return plain && !busy && !localStorage.getItem(KEYS_OFF);
}

document.addEventListener("keydown", (event) => {
  if (!isCommand(event)) {
    return;
  }
  if (event.key === "?") {
    document.getElementById("keyboard-help")?.showModal();
  } else if (event.key === "/") {
    const search = document.getElementById("frame-search");
    if (search?.offsetParent) {
      event.preventDefault();
      search.focus();
    }
  }
});

/** A page's own keys: an element with data-key="j" is activated by that key, links and buttons alike. */
document.addEventListener("keydown", (event) => {
  if (!isCommand(event)) {
    return;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (target) {
    event.preventDefault();
    target.matches(TYPING) ? target.focus() : target.click();
  }
});

for (const button of document.querySelectorAll("[data-opens]")) {
  button.hidden = false;
  button.addEventListener("click", () => document.getElementById(button.dataset.opens).showModal());
}

for (const box of document.querySelectorAll("[data-keys-off]")) {
  box.checked = Boolean(localStorage.getItem(KEYS_OFF));
  box.addEventListener("change", () => {
    box.checked ? localStorage.setItem(KEYS_OFF, "yes") : localStorage.removeItem(KEYS_OFF);
  });
}

function addCloseButton(note) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "toast-close";
  button.textContent = "✕";
  button.setAttribute("aria-label", "关闭这条消息");
  button.addEventListener("click", () => note.remove());
  note.append(button);
}

function furnishNotes(root) {
  for (const note of root.querySelectorAll("[data-dismissible]:not(:has(.toast-close))")) {
    addCloseButton(note);
  }
}

furnishNotes(document);
document.addEventListener("htmx:afterSettle", () => furnishNotes(document));

function say(text, tone = "tone-error") {
  const note = document.createElement("div");
  note.className = `toast-note ${tone}`;
  note.setAttribute("role", "alert");
  note.dataset.dismissible = "";
  const words = document.createElement("p");
  words.textContent = text;
  note.append(words);
  const place = document.getElementById("toasts");
  place?.replaceChildren(note);
  furnishNotes(document);
}

document.addEventListener("htmx:sendError", () => say("没有连上服务器。请检查网络后再试，已填写的内容仍在本页。"));
document.addEventListener("htmx:timeout", () => say("服务器没有及时回答。请稍后再试，已填写的内容仍在本页。"));
document.addEventListener("htmx:responseError", (event) => {
  const words = {
    403: "没有完成：您没有权限做这一步，或者登录已过期。请先复制已填写的内容，再刷新页面。",
    404: "没有完成：这条内容已不存在，或者您不能查看。请刷新页面。",
    409: "没有完成：内容刚刚被他人更改。请刷新页面核对后再操作。",
    429: "没有完成：操作太频繁。请稍等一分钟再试。",
  };
  say(words[event.detail.xhr.status] ?? "没有完成：服务器出了问题。请稍后再试，已填写的内容仍在本页。");
});

function showConnection() {
  for (const mark of document.querySelectorAll("[data-offline-mark]")) {
    mark.hidden = navigator.onLine;
  }
}

window.addEventListener("online", showConnection);
window.addEventListener("offline", showConnection);
showConnection();

// --- What was written without a network (worker.js) ---------------------------------------

/** Send what waits on this device as soon as a signed-in page is there, or the network is back. */
function tellWorker(what) {
  navigator.serviceWorker?.getRegistration().then((worker) => worker?.active?.postMessage(what));
}

const isSignedIn = document.body.classList.contains("has-frame");

function sendWhatWaits() {
  if (isSignedIn && navigator.onLine) {
    tellWorker("send");
  }
}

navigator.serviceWorker?.addEventListener("message", ({ data }) => {
  if (isSignedIn && data.failed) {
    setTimeout(sendWhatWaits, 5000);
  } else if (data.forgotten) {
    document.body.dataset.forget = "done";
  } else if (isSignedIn && data.isStored) {
    const title = data.title ? `《${data.title}》` : "没有主题的草稿";
    say(data.isRecord ? `没有网络时写的${title}已记录。` : `没有网络时写的${title}已存为草稿，请打开核对。`, "tone-success");
  }
});
window.addEventListener("online", sendWhatWaits);
sendWhatWaits();

/** After sign-out nobody on this device can read what stays here: the key goes. */
if (document.body.hasAttribute("data-forget")) {
  tellWorker("forget");
}
document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-forgets]")) {
    tellWorker("forget");
  }
});
