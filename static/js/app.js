/* Small helps; every page works without them. */
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

/* On a phone the menu is wider than the screen: the page's own entry is brought into it. */
const menu = document.querySelector(".mainnav .container-xl"), here = menu && menu.querySelector("[aria-current]");
if (here) menu.scrollLeft = here.offsetLeft - menu.offsetLeft - (menu.clientWidth - here.offsetWidth) / 2;

/* What an address points to is shown, also within a part that is folded. */
const asked = location.hash && document.getElementById(location.hash.slice(1)), folded = asked && asked.closest("details");
if (folded && !folded.open) { folded.open = true; asked.scrollIntoView(); }

/* A form that saves itself asks before the page is left with an unsaved field. */
const unsaved = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (form) { unsaved.add(form.id); mark(form, "Chưa lưu…"); }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  if (event.detail.successful) unsaved.delete(form.id);
  else if (!event.detail.xhr || event.detail.xhr.status === 0 || event.detail.xhr.status >= 500) mark(form, "Không lưu được; sẽ thử lại khi bạn gõ tiếp.");
});
document.addEventListener("submit", (event) => { if (!event.defaultPrevented) unsaved.delete(event.target.id); });
window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });

function mark(form, words) {
  const place = form.querySelector("[data-saved]");
  if (place) place.textContent = words;
}

/* The code of an invitation stands behind "#" of its link: no server sees it there. */
const wanted = document.querySelector("input[data-code-from-address]");
if (wanted && location.hash.length > 1) {
  wanted.value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
}

/* One question at a time: what was asked before does not outlive a new code, digest or file. The digest of a chosen
   file is made here, where the connection is secure enough for the browser to do it; the file itself is not sent. */
const checked = document.querySelector("form[data-digest-of-file]");
if (checked) {
  const { code, digest } = checked.elements, file = checked.querySelector("input[type=file]"), button = checked.querySelector("button");
  const alone = (field) => [code, digest, file].forEach((other) => { if (other !== field) other.value = ""; });
  [code, digest].forEach((field) => field.addEventListener("input", () => alone(field)));
  if (window.crypto && crypto.subtle) {
    file.disabled = false;
    checked.querySelector("[data-no-digest]").hidden = true;
  }
  file.addEventListener("change", async () => {
    alone(file);
    const chosen = file.files[0];
    button.disabled = Boolean(chosen);
    if (!chosen) return;
    try {
      const made = await crypto.subtle.digest("SHA-256", await chosen.arrayBuffer());
      if (file.files[0] === chosen) digest.value = [...new Uint8Array(made)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    } finally {
      if (file.files[0] === chosen || !file.files[0]) button.disabled = false;
    }
  });
}
