/* What the applicant's page needs of script; without it every form works as it stands.
   A chosen file is sent at once, what is too large is not sent, and what is going on is said aloud. */
"use strict";

for (const form of document.querySelectorAll("[data-send]")) {
  const input = form.querySelector("input[type=file]");
  const button = form.querySelector("button[type=submit]");
  const progress = form.querySelector("[data-progress]");
  form.classList.add("send-ready");

  input.addEventListener("change", () => {
    if (!input.files.length) {
      return;
    }
    if ([...input.files].some((file) => file.size > Number(input.dataset.largest))) {
      progress.textContent = progress.dataset.large;
      input.value = "";
      return;
    }
    if ([...input.files].reduce((size, file) => size + file.size, 0) > Number(input.dataset.most)) {
      progress.textContent = progress.dataset.many;
      input.value = "";
      return;
    }
    progress.textContent = progress.dataset.sending;
    form.requestSubmit();
  });

  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    button.disabled = true;
  });
}

// A page that comes back by the browser's Back button comes back as it was left.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-send]")) {
    delete form.dataset.sent;
    form.querySelector("button[type=submit]").disabled = false;
    form.querySelector("[data-progress]").textContent = "";
  }
});
