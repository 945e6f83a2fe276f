/* Small helps; every page works without them. */
"use strict";

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-submit-on-change]");
  if (form) form.requestSubmit();
});

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

/* The digest of a chosen file is made here; the file itself is not sent. */
const checked = document.querySelector("form[data-digest-of-file]");
if (checked && window.crypto && crypto.subtle) {
  checked.addEventListener("change", async (event) => {
    const file = event.target.files && event.target.files[0];
    if (!file) return;
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    checked.elements.digest.value = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}
