// What a device keeps of a person's writing while there is no network, and how photos are made
// smaller. Loaded by pages and by the worker alike, so it is no module; see seminars/device.py.
//
// Everything kept is sealed with the person's key. The key leaves the device at sign-out: what
// stays is unreadable until the same person signs in again.

globalThis.device = (() => {
  const DATABASE = "sanda-device";
  const LONGEST_SIDE = 2560;
  const SMALL_ENOUGH_BYTES = 1_000_000;

  function open() {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(DATABASE, 1);
      request.onupgradeneeded = () => {
        request.result.createObjectStore("keys");
        request.result.createObjectStore("habits");
        request.result.createObjectStore("drafts");
      };
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  }

  /** One request on one store, settled once the transaction is through. */
  async function ask(store, mode, what) {
    const database = await open();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(store, mode);
        const request = what(transaction.objectStore(store));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = transaction.onerror = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  }

  const put = (store, key, value) => ask(store, "readwrite", (rows) => rows.put(value, key));
  const get = (store, key) => ask(store, "readonly", (rows) => rows.get(key));
  const all = (store) => ask(store, "readonly", (rows) => rows.getAll());

  /** Take the key of whoever is signed in now; another person's key goes. */
  async function learn({ person, key }) {
    const bytes = Uint8Array.from(atob(key), (char) => char.charCodeAt(0));
    const sealing = await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]);
    await put("keys", "now", { person, sealing });
  }

  const forget = () => ask("keys", "readwrite", (rows) => rows.clear());
  const who = () => get("keys", "now");

  async function seal(sealing, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, sealing, bytes) };
  }

  const unseal = (sealing, { iv, data }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, sealing, data);
  const sealText = (sealing, value) => seal(sealing, new TextEncoder().encode(JSON.stringify(value)));
  const unsealText = async (sealing, sealed) => JSON.parse(new TextDecoder().decode(await unseal(sealing, sealed)));

  /** Keep a filled-in form under its own key. Throws if nobody has signed in on this device. */
  async function keep(data, { path, action }) {
    const me = await who();
    if (!me) {
      throw new Error("nobody is signed in on this device");
    }
    const entries = [...data].filter(([name, value]) => typeof value === "string" && !["csrfmiddlewaretoken", "action"].includes(name));
    const files = [...data].filter(([, value]) => value instanceof File && value.size);
    const sealedFiles = await Promise.all(
      files.map(async ([name, file]) => ({ name, sealed: await seal(me.sealing, await file.arrayBuffer()) })),
    );
    const about = files.map(([, file]) => ({ name: file.name, type: file.type }));
    const id = data.get("client_key");
    const text = await sealText(me.sealing, { path, action, entries, files: about, keptAt: Date.now() });
    await put("drafts", id, { id, person: me.person, text, files: sealedFiles });
    return id;
  }

  /** What the person signed in has kept here, newest first. */
  async function drafts() {
    const me = await who();
    const mine = me ? (await all("drafts")).filter((row) => row.person === me.person) : [];
    const opened = await Promise.all(mine.map((row) => unsealDraft(me.sealing, row)));
    return opened.sort((one, other) => other.keptAt - one.keptAt);
  }

  async function unsealDraft(sealing, row) {
    const text = await unsealText(sealing, row.text);
    const files = await Promise.all(
      row.files.map(async ({ name, sealed }, at) => [
        name,
        new File([await unseal(sealing, sealed)], text.files[at].name, { type: text.files[at].type }),
      ]),
    );
    return { ...text, id: row.id, files, value: (name) => text.entries.find(([each]) => each === name)?.[1] ?? "" };
  }

  const drop = (id) => ask("drafts", "readwrite", (rows) => rows.delete(id));
  const isEmpty = async () => (await ask("drafts", "readonly", (rows) => rows.count())) === 0;

  /** What the form was filled in with last time there was a network. */
  async function keepHabits(habits) {
    const me = await who();
    await put("habits", me.person, await sealText(me.sealing, habits));
  }

  async function habits() {
    const me = await who();
    const sealed = me && (await get("habits", me.person));
    return sealed ? unsealText(me.sealing, sealed) : null;
  }

  /** The form a server would have got; `action` is the button pressed. */
  function formOf(draft, action, token) {
    const data = new FormData();
    for (const [name, value] of [...draft.entries, ...draft.files]) {
      data.append(name, value);
    }
    data.set("action", action);
    data.set("csrfmiddlewaretoken", token);
    return data;
  }

  /** Replace large photos of a file box by smaller ones; what cannot be read stays as it is. */
  async function shrinkPhotos(box) {
    const files = await Promise.all([...box.files].map(shrunk));
    if (files.every((file, at) => file === box.files[at])) {
      return;
    }
    const chosen = new DataTransfer();
    for (const file of files) {
      chosen.items.add(file);
    }
    box.files = chosen.files;
  }

  async function shrunk(file) {
    if (!file.type.startsWith("image/") || file.size <= SMALL_ENOUGH_BYTES) {
      return file;
    }
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
      const smaller = blob && blob.size < file.size;
      return smaller ? new File([blob], file.name.replace(/\.[^.]*$/, "") + ".jpg", { type: "image/jpeg" }) : file;
    } catch {
      return file;
    }
  }

  return { learn, forget, who, keep, drafts, drop, isEmpty, keepHabits, habits, formOf, shrinkPhotos };
})();
