// Brings the page up to date every two seconds, region by region, unless something is being typed or sent.
"use strict";

const regions = () => document.querySelectorAll("[data-live]");
const shown = new Map(Array.from(regions(), (region) => [region.dataset.live, region.innerHTML]));
let sending = false;

const typing = () => document.activeElement !== null && document.activeElement.matches("input, textarea, select");

function replace(region, fresh) {
  const opened = Array.from(region.querySelectorAll("details[open]"), (details) => details.id);
  shown.set(region.dataset.live, fresh.innerHTML);
  region.replaceChildren(...fresh.childNodes);
  for (const id of opened) {
    document.getElementById(id)?.setAttribute("open", "");
  }
}

async function refresh() {
  if (document.hidden || sending || typing()) return;
  const answer = await fetch(location.href, { cache: "no-store" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (sending || typing()) return;
  for (const region of regions()) {
    const fresh = page.querySelector(`[data-live="${region.dataset.live}"]`);
    if (fresh !== null && fresh.innerHTML !== shown.get(region.dataset.live)) replace(region, fresh);
  }
}

async function keepFresh() {
  try {
    await refresh();
  } catch {
    // The sandbox is restarting: the next round shows it again.
  }
  setTimeout(keepFresh, 2000);
}

// A second click while the gateway has not answered would send a second message.
document.addEventListener("submit", (event) => {
  if (sending) event.preventDefault();
  sending = true;
  document.body.classList.add("sending");
});
addEventListener("pageshow", () => {
  sending = false;
  document.body.classList.remove("sending");
});
setTimeout(keepFresh, 2000);
