// Small comforts on top of pages that work without them: the arrow keys, and keeping text that was not saved. Copying is in share.js.
"use strict";

// --- The weeks before and after, by the arrow keys, while nothing on the page is being used.
document.addEventListener("keydown", (event) => {
  const way = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
  const isUsed = document.activeElement && ![document.body, document.getElementById("main")].includes(document.activeElement);
  if (!way || isUsed || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  document.querySelector(`.week-nav [rel=${way}]`)?.click();
});

// --- Unsaved text: <form data-keep="theme:vennskap"> is kept in this tab until its text is what the server shows.
const written = "textarea, input[type=text], input:not([type])";
const keyOf = (form) => `keep:${form.dataset.keep}`;
const same = (a, b) => (a ?? "").replace(/\r\n/g, "\n").trim() === (b ?? "").replace(/\r\n/g, "\n").trim();

function textOf(form) {
  const fields = [...form.querySelectorAll(written)].filter((field) => field.name && !field.readOnly);
  return Object.fromEntries(fields.map((field) => [field.name, field.value]));
}

function keep(form) {
  try {
    sessionStorage.setItem(keyOf(form), JSON.stringify(textOf(form)));
  } catch {
    // A full or forbidden store only means that this comfort is missing.
  }
}

function kept(form) {
  try {
    return JSON.parse(sessionStorage.getItem(keyOf(form)));
  } catch {
    return null;
  }
}

function offerKept(form) {
  const texts = kept(form);
  const now = textOf(form);
  if (!texts) return;
  if (Object.keys(now).every((name) => !(name in texts) || same(texts[name], now[name]))) {
    sessionStorage.removeItem(keyOf(form));
    return;
  }
  const notice = document.getElementById("unsaved")?.content.firstElementChild.cloneNode(true);
  if (!notice || form.querySelector(".unsaved")) return;
  notice.querySelector("[data-restore]").addEventListener("click", () => { notice.remove(); restore(form, texts); });
  notice.querySelector("[data-discard]").addEventListener("click", () => { sessionStorage.removeItem(keyOf(form)); notice.remove(); });
  form.prepend(notice);
}

function restore(form, texts) {
  for (const field of form.querySelectorAll(written)) {
    if (!(field.name in texts) || field.readOnly) continue;
    field.value = texts[field.name];
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  form.querySelector(written)?.focus();
}

const waiting = new Map();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-keep]");
  if (!form || form.querySelector(":scope > .unsaved")) return;
  clearTimeout(waiting.get(form));
  waiting.set(form, setTimeout(() => keep(form), 300));
});
document.addEventListener("submit", (event) => {
  if (event.target.matches("form[data-keep]")) keep(event.target);
}, true);

// --- On every page and after every swap.
function start(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) offerKept(form);
}
start(document);
document.querySelector("[data-focus]")?.focus();
document.addEventListener("htmx:after:swap", () => start(document));
