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

/* A form that saves itself asks before the page is left, until what was typed last has really been saved. */
const unsaved = new Set(), sent = new Set(), failed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.closest("form[data-autosave]");
  if (!form) return;
  unsaved.add(form.id);
  sent.delete(form.id);
  if (!failed.has(form.id)) mark(form, "Chưa lưu…");
});
document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = csrfToken();
  if (!token) return; // a new sign-in has changed it; the server asks besides whose page this is
  detail.headers["X-CSRFToken"] = token;
  if (detail.verb === "post") detail.parameters.csrfmiddlewaretoken = token;
});
document.addEventListener("htmx:beforeSend", ({ detail }) => { if (detail.elt.id) sent.add(detail.elt.id); });
document.addEventListener("htmx:afterRequest", ({ detail: { elt, xhr } }) => {
  const status = xhr ? xhr.status : 0, form = elt.closest("form[data-autosave]");
  const answered = (status >= 200 && status < 300) || status === 409 || status === 422; // shown as the server put it
  if (!form) {
    if (!answered) putNotice(elt, refusal(status, xhr));
    return;
  }
  failed[answered ? "delete" : "add"](form.id);
  if (!answered) putNotice(form.querySelector("[data-saved]"), refusal(status, xhr), " Chữ của bạn còn ở đây; trang lưu lại khi bạn quay lại hoặc gõ tiếp.");
  else if (status < 300 && sent.has(form.id)) unsaved.delete(form.id);
  else if (status < 300) mark(form, "Chưa lưu…"); // typed since
  if (status >= 200 && status < 300) document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((field) => { field.value = csrfToken() || field.value; });
});
document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  if (failed.has(event.target.id)) { event.preventDefault(); again(event.target.id); } // a page instead of an answer would take the text away
  else unsaved.delete(event.target.id);
});
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-let-go]");
  if (!link) return;
  event.preventDefault();
  unsaved.delete(link.closest("form").id);
  history.replaceState(null, "", link.href);
  location.reload();
});
window.addEventListener("beforeunload", (event) => { if (unsaved.size) event.preventDefault(); });
["focus", "online"].forEach((name) => window.addEventListener(name, () => failed.forEach(again)));

function again(id) {
  htmx.trigger(document.getElementById(id), "retry");
}

function csrfToken() {
  return (document.cookie.match(/(?:^|; )csrftoken=([^;]*)/) || [])[1];
}

/* Why an act in the background came to nothing. What the server says itself (401: who is signed in) is HTML of ours. */
function refusal(status, xhr) {
  if (status === 401) return xhr.responseText;
  if (status === 0) return "Không có kết nối tới máy chủ.";
  if (status === 400 || status === 413) return "Máy chủ không nhận: nội dung quá dài hoặc không đọc được. Hãy rút ngắn rồi lưu lại.";
  if (status === 403) return "Không được phép, hoặc trang này mở từ phiên làm việc đã cũ: chép nội dung ra chỗ khác rồi tải lại trang.";
  if (status === 404) return "Không còn thấy nơi ghi: mục này đã bị bỏ hoặc bạn không còn quyền xem.";
  return status >= 500 ? "Máy chủ đang gặp lỗi." : "Máy chủ không nhận.";
}

function putNotice(place, words, more = "") {
  if (!place || !place.isConnected) return;
  let told = place.querySelector(":scope > [data-told]");
  if (!told) {
    if (place.matches("[data-saved]")) place.textContent = "";
    told = place.appendChild(Object.assign(document.createElement("div"), { className: "notice notice-warning mt-2 mb-0" }));
    told.dataset.told = "";
  }
  told.innerHTML = words + more;
}

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
