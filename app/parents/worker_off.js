// Nothing of parents' pages is saved on telephones here: what was is deleted, and this goes too.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => {
  event.waitUntil(caches.delete("parents-pages").then(() => self.registration.unregister()));
});
