/* What the verification page needs of script; without it the form works as it stands.
   A file can be dropped, a file that is too large is not sent, and what is going on is said aloud. */
"use strict";

const form = document.querySelector("[data-file-form]");
const input = form.querySelector("input[type=file]");
const button = form.querySelector("button[type=submit]");
const zone = form.querySelector("[data-drop]");
const progress = form.querySelector("[data-progress]");

zone.classList.add("drop-ready");
form.querySelector("[data-drop-hint]").hidden = false;

function fits() {
  const [file] = input.files;
  const large = Boolean(file) && file.size > Number(input.dataset.largest);
  progress.textContent = large ? progress.dataset.large : "";
  return !large;
}

input.addEventListener("change", fits);

form.addEventListener("submit", (event) => {
  if (!fits()) {
    event.preventDefault();
    return;
  }
  if (input.files.length) {
    progress.textContent = progress.dataset.examining;
    button.disabled = true;
  }
});

// A page that comes back by the browser's Back button comes back as it was left.
window.addEventListener("pageshow", () => {
  button.disabled = false;
  progress.textContent = "";
});

// A file that misses the zone would open in place of the page.
for (const name of ["dragover", "drop"]) {
  document.addEventListener(name, (event) => event.preventDefault());
}

for (const name of ["dragenter", "dragover"]) {
  zone.addEventListener(name, () => zone.classList.add("drop-over"));
}

for (const name of ["dragleave", "drop"]) {
  zone.addEventListener(name, () => zone.classList.remove("drop-over"));
}

zone.addEventListener("drop", (event) => {
  const { files } = event.dataTransfer;
  if (files.length !== 1) {
    progress.textContent = progress.dataset.several;
    return;
  }
  input.files = files;
  if (fits()) {
    form.requestSubmit();
  }
});
