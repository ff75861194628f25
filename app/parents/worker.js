// Parents' pages without a connection. The network is asked first; what was read is shown again when no answer comes in time.
// Only a page that holds the prepared line is saved: the server leaves it out where nothing may be.
const SAVED = "data-saved hidden", UNREAD = "data-unread hidden", MOST = 30, PATIENCE = 3000;
const open = () => caches.open("parents-pages");
const keyOf = (url) => url.split(/[?#]/)[0];
const upTo = (key, parts) => key.split("/", parts).join("/");

async function forget(store, key, all) {
  for (const { url } of await store.keys()) if (url === key || (all && upTo(url, 5) === upTo(key, 5))) await store.delete(url);
}

async function keep(key, got) {
  const store = await open(), { status, headers } = got;
  if (status > 499 || status === 429) return;
  await forget(store, key, status === 410);
  if (status !== 200 || !/^text\/html/.test(headers.get("Content-Type"))) return;
  const text = await got.text();
  if (text.includes(SAVED) && !(await caches.has("parents-off"))) await store.put(key, new Response(text, { headers }));
  for (const old of (await store.keys()).slice(0, -MOST)) await store.delete(old);
}

async function saved(key, line) {
  const found = await (await open()).match(key);
  if (!found) return;
  const text = await found.text();
  return new Response(text.replace(SAVED, "data-saved").replace(line, "data-unread"), { headers: found.headers });
}

// A page that was not read: the class's weeks in this language, which say so, else its languages.
const instead = async (key) => (await saved(upTo(key, 6), UNREAD)) || (await saved(upTo(key, 5), UNREAD)) || Response.error();

async function answer(key, fresh) {
  const stored = await saved(key);
  if (!stored) return fresh.catch(() => instead(key));
  const late = new Promise((done) => setTimeout(done, PATIENCE));
  const got = await Promise.race([fresh, late]).catch(() => {});
  return got && got.status < 500 ? got : stored;
}

addEventListener("install", () => skipWaiting());
addEventListener("message", (event) => {
  const { url } = event.source;
  event.waitUntil(fetch(url).then((got) => keep(keyOf(url), got)));
});
addEventListener("fetch", (event) => {
  const { request } = event, key = keyOf(request.url);
  if (request.mode !== "navigate" || request.method !== "GET") return;
  const fresh = fetch(request);
  event.waitUntil(fresh.then((got) => keep(key, got.clone()), () => {}));
  event.respondWith(answer(key, fresh));
});
