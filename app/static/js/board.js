// Moving a lesson on the board with the mouse, a finger or the arrow keys. Without this each card has its own form, which does the same.
"use strict";

const form = () => document.getElementById("board-move");
const weeksOf = (card) => [...document.querySelectorAll(`td[data-week][data-class="${CSS.escape(card.dataset.class)}"]`)];

function ready(root) {
  for (const card of root.querySelectorAll("[data-move]")) card.draggable = true;
}

// --- Sending: the rules answer. A move that is done shows the board anew; a refusal shows its words at the card.
let sent = null;

function send(card, cell) {
  const move = form();
  move.action = card.dataset.move;
  move.dataset.hxPost = card.dataset.move;
  move.elements.where.value = cell.dataset.week;
  move.elements.seen.value = card.dataset.seen;
  move.elements.next.value = card.dataset.back;
  sent = card.id;
  const answer = document.getElementById("board-answer");
  answer.replaceChildren();
  card.append(answer);
  if (!window.htmx) return move.submit();
  document.getElementById("plan-board").setAttribute("aria-busy", "true");
  htmx.ajax("POST", card.dataset.move, { source: move });
}

document.addEventListener("htmx:after:swap", () => {
  document.getElementById("plan-board")?.removeAttribute("aria-busy");
  ready(document);
  const card = sent && document.getElementById(sent);
  sent = null;
  if (!card) return;
  card.querySelector("[data-handle]")?.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest", inline: "nearest" });
});
document.addEventListener("htmx:error", () => {
  if (!sent) return;
  sent = null;
  document.getElementById("plan-board").removeAttribute("aria-busy");
  document.getElementById("board-answer").textContent = form().dataset.lost;
});

// An answer's link to this very page: a browser would only scroll to the card, and what it shows is old.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("#board-answer a");
  if (!link || link.pathname + link.search !== location.pathname + location.search) return;
  event.preventDefault();
  location.hash = link.hash;
  location.reload();
});

// --- With the mouse
let carried = null;

function mark(card, on) {
  card.toggleAttribute("data-carried", on);
  for (const cell of weeksOf(card)) {
    cell.toggleAttribute("data-open", on);
    cell.removeAttribute("data-over");
  }
}

function landing({ target }) {
  const row = carried && target?.closest?.("#plan-board tr"); // an empty week has no height on a phone: its row stands for it
  const cell = row && (target.closest("td[data-week]") ?? row.querySelector(`td[data-week][data-class="${CSS.escape(carried.dataset.class)}"]`));
  return cell && cell.dataset.class === carried.dataset.class && !cell.contains(carried) ? cell : null;
}

// Where a lesson cannot be let go: why not, in words at the card.
function whyNot(target) {
  const row = target?.closest?.("#plan-board tr"), said = form().dataset;
  if (!row) return said.stays;
  const cell = target.closest("td");
  if (cell?.contains(carried)) return said.stays;
  if (cell?.dataset.class && cell.dataset.class !== carried.dataset.class) return said.other.replace("…", carried.dataset.name);
  const why = (cell?.querySelector(".board-why") ?? row.querySelector(".board-why"))?.textContent.trim();
  return why ? `${said.shut} ${why}.` : said.shut;
}

function tell(card, words) {
  const answer = document.getElementById("board-answer");
  answer.textContent = words;
  card.append(answer);
}

document.addEventListener("dragstart", (event) => {
  carried = event.target.closest?.("[data-move]");
  if (!carried) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", carried.dataset.name);
  mark(carried, true);
});
function hover(cell) {
  for (const other of document.querySelectorAll("td[data-over]")) if (other !== cell) other.removeAttribute("data-over");
  cell?.setAttribute("data-over", "");
}

document.addEventListener("dragover", (event) => {
  const cell = landing(event);
  hover(cell);
  if (carried && event.target.closest?.("#plan-board")) event.preventDefault(); // also where it cannot land: else nobody says why
});
document.addEventListener("drop", (event) => {
  if (!carried || !event.target.closest?.("#plan-board")) return;
  const cell = landing(event);
  event.preventDefault();
  if (cell) send(carried, cell);
  else tell(carried, whyNot(event.target));
});
document.addEventListener("dragend", () => {
  if (carried) mark(carried, false);
  carried = null;
});

// --- With a finger: a long press lifts the card, and the page scrolls when it comes near an edge. A short touch scrolls as ever.
const LONG = 400, NEAR = 64, STEP = 12;
let touch = null;

function lift() {
  carried = touch.card;
  mark(carried, true);
  carried.setAttribute("data-lifted", "");
  navigator.vibrate?.(20);
  follow();
}

function follow() {
  if (!carried || !touch) return;
  if (touch.y < NEAR) scrollBy(0, -STEP);
  else if (touch.y > innerHeight - NEAR) scrollBy(0, STEP);
  carried.style.translate = `${touch.x + scrollX - touch.fromX}px ${touch.y + scrollY - touch.fromY}px`;
  hover(landing({ target: document.elementFromPoint(touch.x, touch.y) }));
  requestAnimationFrame(follow);
}

function letGo(event) {
  if (!touch || event.pointerId !== touch.id) return;
  const { card, x, y } = touch;
  clearTimeout(touch.timer);
  const under = event.type === "pointerup" ? document.elementFromPoint(x, y) : null;
  const cell = landing({ target: under });
  touch = null;
  card.draggable = true;
  if (!carried) return;
  card.removeAttribute("style"); // an empty one would be carried over to the board that comes anew, which the policy refuses
  card.removeAttribute("data-lifted");
  mark(card, false);
  if (!cell && under) tell(card, whyNot(under));
  carried = null;
  if (cell) send(card, cell);
}

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest?.("[data-move]");
  if (!card || event.pointerType === "mouse" || touch || event.target.closest("a, button, input, label, summary")) return;
  card.draggable = false; // else some browsers begin a drag of their own
  const { clientX: x, clientY: y } = event;
  touch = { card, id: event.pointerId, x, y, fromX: x + scrollX, fromY: y + scrollY, timer: setTimeout(lift, LONG) };
});
document.addEventListener("pointermove", (event) => {
  if (!touch || event.pointerId !== touch.id) return;
  const moved = Math.hypot(event.clientX - touch.x, event.clientY - touch.y);
  if (carried) Object.assign(touch, { x: event.clientX, y: event.clientY });
  else if (moved > 10) letGo(event);
});
document.addEventListener("pointerup", letGo);
document.addEventListener("pointercancel", letGo);
document.addEventListener("touchmove", (event) => carried && event.preventDefault(), { passive: false });
document.addEventListener("contextmenu", (event) => touch && event.preventDefault());

// --- With the keyboard: on the Move button of a card, the arrows choose a week.
let choosing = null;

function say(words) {
  document.getElementById("board-said").textContent = words;
}

function standsIn(cell) {
  const titles = [...cell.querySelectorAll(".board-card:not([data-state=cancelled]) .board-title")].map((title) => title.textContent);
  return titles.join(", ") || cell.querySelector(".board-why")?.textContent || form().dataset.free;
}

function step(card, way) {
  const cells = weeksOf(card);
  const at = choosing ? choosing.at : cells.findIndex((cell) => cell.contains(card));
  const next = Math.min(Math.max(at + way, 0), cells.length - 1);
  mark(card, true);
  choosing = { card, at: next };
  const cell = cells[next];
  if (!cell) return;
  cell.setAttribute("data-over", "");
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  const week = cell.parentElement.querySelector("time").textContent;
  say(`${week}: ${cell.contains(card) ? form().dataset.stays : standsIn(cell)}`);
}

function stop() {
  if (!choosing) return null;
  const { card, at } = choosing;
  choosing = null;
  mark(card, false);
  return weeksOf(card)[at];
}

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.("[data-handle]")?.closest("[data-move]");
  if (!card) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    step(card, event.key === "ArrowDown" ? 1 : -1);
  } else if (event.key === "Escape" && choosing) {
    event.preventDefault();
    stop();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    say(form().dataset.stays);
  } else if (event.key === "Enter" && choosing) {
    event.preventDefault();
    const cell = stop();
    if (cell && !cell.contains(card)) send(card, cell);
    else say(form().dataset.stays);
  }
});
document.addEventListener("focusout", (event) => {
  if (event.target.closest?.("[data-handle]")) stop();
});

ready(document);
