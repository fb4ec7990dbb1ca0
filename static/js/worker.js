// The service worker: answers without a network, keeps what could not be sent, sends it later.
// `pages` (addresses) and `device` (what is kept) are there already; see templates/seminars/worker.js.

const CACHE = "sanda-device";
const FRESH_FOR_MS = 60 * 60 * 1000;
const ASSET = /(?:href|src)="([^"#]*\/static\/[^"#]+)/g;

self.addEventListener("install", (event) => event.waitUntil(refresh().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

/** Keep the device's page and all it needs; nothing of any signed-in page is ever kept. */
async function refresh() {
  const page = await fetch(pages.device, { cache: "no-cache" });
  if (!page.ok) {
    throw new Error(`the device page answered ${page.status}`);
  }
  const named = (await page.clone().text()).matchAll(ASSET);
  const needed = [...new Set([...named].map(([, address]) => address))];
  const cache = await caches.open(CACHE);
  await cache.addAll(needed);
  await cache.put(pages.device, page);
  const wanted = new Set([pages.device, ...needed].map((each) => new URL(each, location.href).href));
  for (const request of await cache.keys()) {
    if (!wanted.has(request.url)) {
      await cache.delete(request);
    }
  }
}

async function refreshWhenOld() {
  const kept = await caches.match(pages.device);
  const age = Date.now() - Date.parse(kept?.headers.get("date") ?? 0);
  if (!(age < FRESH_FOR_MS)) {
    await refresh();
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { pathname, origin } = new URL(request.url);
  if (origin !== location.origin) {
    return;
  }
  if (request.mode === "navigate" && request.method === "GET") {
    event.respondWith(fetch(request).catch(devicePage));
    if (pathname === pages.log) {
      event.waitUntil(refreshWhenOld().catch(() => {}));
    }
  } else if (request.mode === "navigate" && isLogForm(pathname)) {
    event.respondWith(sendOrKeep(request, pathname));
  } else if (request.method === "GET" && pathname.includes("/static/")) {
    event.respondWith(caches.match(request).then((kept) => kept ?? fetch(request)));
  }
});

const devicePage = async () => (await caches.match(pages.device)) ?? Response.error();

function isLogForm(pathname) {
  const rest = pathname.startsWith(pages.activities) ? pathname.slice(pages.activities.length) : "";
  return rest === "new/" || /^\d+\/edit\/$/.test(rest);
}

/** A form on its way into a dead network is kept instead of lost. */
async function sendOrKeep(request, path) {
  const copy = request.clone();
  try {
    return await fetch(request);
  } catch (failure) {
    try {
      const data = await copy.formData();
      const action = data.get("action") ? "draft" : "save";
      await device.keep(data, { path, action });
    } catch {
      throw failure;
    }
    return Response.redirect(new URL(pages.device, location.href).href, 303);
  }
}

// --- Sending ------------------------------------------------------------------------------

self.addEventListener("message", (event) => {
  if (event.data === "send") {
    event.waitUntil(send());
  } else if (event.data === "forget") {
    forgotten += 1;
    event.waitUntil(device.forget().then(() => tell({ forgotten: true })));
  }
});

let forgotten = 0; // how often the key was dropped
let sending = Promise.resolve();

/** One pass after another: whoever asks meanwhile may be somebody else than the pass is for. */
function send() {
  sending = sending.then(sendAll).catch(() => tell({ failed: true })); // the page tries again
  return sending;
}

async function sendAll() {
  if (await device.isEmpty()) {
    return;
  }
  const before = forgotten;
  const answer = await fetch(pages.key, { headers: { Accept: "application/json" } });
  if (!answer.ok || answer.redirected) {
    return tell({ signedOut: true });
  }
  const session = await answer.json();
  if (forgotten !== before) {
    return; // signed out while this was on its way: the key must not come back
  }
  await device.learn(session);
  for (const draft of await device.drafts()) {
    const outcome = await deliver(draft, session.token);
    if (outcome.isStored) {
      await device.drop(draft.id);
    }
    await tell({ ...outcome, id: draft.id, title: draft.value("title") });
  }
}

/** As a record if it was saved; what a record cannot take becomes a draft, so nothing is lost. */
async function deliver(draft, token) {
  const tries = draft.action === "save" ? ["", "draft"] : ["draft"];
  for (const action of tries) {
    const answer = await fetch(draft.path, { method: "POST", body: device.formOf(draft, action, token) });
    if (answer.redirected && answer.ok) {
      return { isStored: true, isRecord: !action, url: answer.url };
    }
    if (answer.status === 401 || answer.status === 429 || answer.status >= 500) {
      throw new Error(`the server answered ${answer.status}`);
    }
  }
  return { isStored: false };
}

async function tell(news) {
  for (const client of await self.clients.matchAll({ type: "window" })) {
    client.postMessage(news);
  }
}
