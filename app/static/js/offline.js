// Saves what parents read on their telephone, by the worker at /f/sw.js, until they ask it not to on the page about us.
(async () => {
  const workers = navigator.serviceWorker, OFF = "parents-off", place = document.querySelector("[data-keep]");
  if (!workers || !window.caches) return;
  let off = await caches.has(OFF);
  const begin = async () => {
    await workers.register("/f/sw.js", { updateViaCache: "none" });
    if (!workers.controller) (await workers.ready).active.postMessage("");
  };
  const show = () => {
    place.hidden = false;
    for (const one of place.querySelectorAll("[data-on]")) one.textContent = one.dataset[off ? "off" : "on"];
  };
  if (place) {
    show();
    place.querySelector("button").onclick = async () => {
      off = !off;
      await (off ? caches.open(OFF) : caches.delete(OFF));
      await caches.delete("parents-pages");
      show();
      await (off ? (await workers.getRegistration("/f/"))?.unregister() : begin());
    };
  }
  if (!off) await begin();
})().catch(() => {});
