// Copying, sharing and printing: the buttons are hidden until we know that they work. A text can be selected without them.
"use strict";

function offerSending(root) {
  for (const button of root.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
  for (const button of root.querySelectorAll("[data-share]")) button.hidden = !navigator.share;
  for (const button of root.querySelectorAll("[data-print]")) button.hidden = false;
}

function wordsOf(id) {
  const source = document.getElementById(id);
  return "value" in source ? source.value : source.innerText;
}

async function copy(button) {
  await navigator.clipboard.writeText(wordsOf(button.dataset.copy));
  const before = button.textContent;
  if (before === button.dataset.copied) return;
  button.textContent = button.dataset.copied;
  setTimeout(() => { button.textContent = before; }, 2000);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy], [data-share], [data-print]");
  if (!button) return;
  if (button.dataset.copy) copy(button);
  else if (button.dataset.share) navigator.share({ text: wordsOf(button.dataset.share) }).catch(() => {}); // thought better of it
  else window.print();
});

offerSending(document);
document.addEventListener("htmx:after:swap", () => offerSending(document));
