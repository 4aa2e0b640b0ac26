"use strict";

// Keeps the page up to date, and forms on it; without scripts, it is complete as of when it was loaded.

const byId = (id) => document.getElementById(id);
const live = byId("live");

// --- what comes from the server ---------------------------------------------------------------------------------------

// Replaces what a part holds; what was open, scrolled and focused in it stays so.
function replace(part, html) {
  const open = [...part.querySelectorAll("details[id][open]")].map((details) => details.id);
  const scrolled = [...part.querySelectorAll(".scrolls[id]")].map((it) => [it.id, it.scrollLeft, it.scrollTop]);
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = html;
  for (const id of open) byId(id)?.setAttribute("open", "");
  for (const [id, left, top] of scrolled) byId(id)?.scrollTo(left, top);
  // What had the focus may be gone, as a button that is not needed any more: then whatever can be used in its place.
  if (focused) (byId(focused) ?? part.querySelector("button:enabled, a"))?.focus({ preventScroll: true });
  if (part.id === "flows-part") {
    for (const [id, whole] of sizes) size(id, whole);
    showNow();
  }
}

// Whether a flow is shown as a whole, where somebody has said so.
const sizes = new Map();
function size(id, whole) {
  byId(id)?.setAttribute("aria-pressed", whole);
  byId(id)?.closest("figure").classList.toggle("whole", whole);
}

// Scrolls to the block that was passed last, once.
let shown = "";
function showNow() {
  const now = document.querySelector(".node.now");
  if (!now || now.id === shown) return;
  shown = now.id;
  const drawing = now.closest(".drawing");
  const [block, frame] = [now.getBoundingClientRect(), drawing.getBoundingClientRect()];
  drawing.scrollBy({
    left: block.left - frame.left - (frame.width - block.width) / 2,
    top: block.top - frame.top - (frame.height - block.height) / 2,
  });
}

// What was in the middle is not, once the window has another width.
addEventListener("resize", () => {
  shown = "";
  showNow();
});

// Appends lines; whoever reads at the end of a list stays there.
function append(list, html) {
  const atEnd = list.scrollHeight - list.scrollTop - list.clientHeight < 40;
  list.insertAdjacentHTML("beforeend", html);
  if (atEnd) list.scrollTop = list.scrollHeight;
}

function follow(address) {
  const events = new EventSource(address);
  events.addEventListener("open", () => say("connected", ""));
  events.addEventListener("error", () => say("no connection to the contact center; trying again", "bad"));
  const on = (kind, change) =>
    events.addEventListener(kind, (event) => {
      const { id, html } = JSON.parse(event.data);
      const element = byId(id);
      if (element) change(element, html);
    });
  on("part", replace);
  on("append", append);
}

function say(text, kind) {
  if (live.textContent !== text) live.textContent = text;
  live.className = kind;
}

// --- what is pressed ----------------------------------------------------------------------------------------------------

// Buttons that change something about the call that is shown leave the page as it is.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-stays")) return;
  event.preventDefault();
  try {
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) say(await answer.text(), "bad");
  } catch {
    say("the contact center does not answer", "bad");
  }
});

const script = byId("script");
const about = () => (byId("about").textContent = script.selectedOptions[0]?.dataset.about ?? "");
script.addEventListener("change", about);
about();

document.addEventListener("click", ({ target: button }) => {
  if (!button.classList.contains("size")) return;
  sizes.set(button.id, button.getAttribute("aria-pressed") !== "true");
  size(button.id, sizes.get(button.id));
});

showNow();
// The call that is shown may be far down in the list.
document.querySelector("#calls [aria-current]")?.scrollIntoView({ block: "nearest" });
const timeline = byId("timeline");
if (timeline) timeline.scrollTop = timeline.scrollHeight;
follow(document.body.dataset.live);
