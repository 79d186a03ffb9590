/* What the desk's pages need of script, under a policy that forbids eval and inline script.

   1. Alpine's CSP build looks names up only in what was registered with it: the theme's global functions, and the
      state of the page's shell, which the theme keeps inline.
   2. Everything that can be clicked can be reached and used by keyboard.
   3. A form marked data-once is sent once; a button marked data-copy copies the text of the element it names.
   4. A file that is too large for its field is said so at once, and not sent.
   5. The name of a chosen file stays in its own field: the theme writes it into the first text field nearby. */
"use strict";

document.addEventListener("alpine:init", () => {
  for (const name of ["theme", "searchForm", "searchDropdown", "searchCommand"]) {
    if (typeof window[name] === "function") {
      Alpine.data(name, window[name]);
    }
  }
  Alpine.data("shell", shell);
});

function shell(firstTab = "") {
  return {
    activeTab: firstTab,
    sidebarMobileOpen: false,
    sidebarDesktopOpen: localStorage.getItem("sidebarDesktopOpen") !== "0",
    // Stands in for the global that expressions of the theme read.
    window: {
      location: {
        get pathname() {
          return window.location.pathname;
        },
        get search() {
          return window.location.search;
        },
      },
    },
    init() {
      this.activeTab = (firstTab && getCurrentTab()) || firstTab;
      this.$watch("sidebarDesktopOpen", (open) => localStorage.setItem("sidebarDesktopOpen", open ? "1" : "0"));
    },
  };
}

if (window.htmx) {
  htmx.config.allowEval = false;
}

document.addEventListener("DOMContentLoaded", () => {
  for (const element of document.querySelectorAll("[x-on\\:click]")) {
    if (!element.matches("a[href], button, input, select, textarea, summary, [tabindex]")) {
      element.tabIndex = 0;
      element.setAttribute("role", "button");
    }
  }
});

document.addEventListener("keydown", (event) => {
  if ((event.key === "Enter" || event.key === " ") && event.target.matches("[role=button]:not(button)")) {
    event.preventDefault();
    event.target.click();
  }
});

// Says in place of the field's help what is wrong with the file; gives back whether it may be sent.
function fits(input) {
  const large = [...input.files].some((file) => file.size > Number(input.dataset.largest));
  const field = input.closest(".field");
  field.querySelectorAll(".field-errors").forEach((errors) => errors.remove());
  field.classList.toggle("field-wrong", large);
  if (large) {
    const errors = document.createElement("ul");
    errors.className = "field-errors";
    errors.setAttribute("role", "alert");
    errors.append(Object.assign(document.createElement("li"), { textContent: input.dataset.tooLarge }));
    field.append(errors);
  }
  return !large;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const files = [...form.querySelectorAll("input[type=file][data-largest]")];
  if (files.some((input) => !fits(input))) {
    event.preventDefault();
    return;
  }
  if (!form.matches("[data-once]")) {
    return;
  }
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  for (const button of form.querySelectorAll("button[type=submit]")) {
    button.setAttribute("aria-disabled", "true");
  }
});

// A page that the browser shows again from its memory may be sent again.
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("[data-once][data-sent]")) {
    delete form.dataset.sent;
    form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  }
});

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) {
    return;
  }
  const source = document.getElementById(button.dataset.copy);
  let copied = false;
  if (navigator.clipboard) {
    await navigator.clipboard.writeText(source.textContent.trim());
    copied = true;
  } else {
    // Without a secure context there is no clipboard: the text is selected, and copied the old way where a browser
    // still has it; else the person copies.
    getSelection().selectAllChildren(source);
    copied = document.execCommand("copy");
  }
  if (copied) {
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 1500);
  }
});

document.addEventListener(
  "change",
  (event) => {
    if (event.target.matches(".fields input[type=file]")) {
      event.stopPropagation();
      if (event.target.dataset.largest) {
        fits(event.target);
      }
    }
  },
  true,
);
