/* Texts of reports: bold and italic marks around the selection; a paste from Word or Excel as lines. Works without, too. */
"use strict";

for (const bar of document.querySelectorAll("[data-marks]")) {
  const field = bar.closest("form").querySelector("textarea");
  for (const button of bar.querySelectorAll("[data-mark]")) {
    button.hidden = false;
    button.addEventListener("click", () => toggle(field, button.dataset.mark));
  }
  field.addEventListener("keydown", (event) => {
    const mark = { b: "**", i: "__" }[event.key.toLowerCase()];
    if (!mark || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    event.preventDefault();
    toggle(field, mark);
  });
  field.addEventListener("paste", (event) => paste(event, field, bar));
}

/* Through the browser's own editing where it can, so that Ctrl+Z takes it back; a very long text goes in at once. */
function insert(field, text, start, end) {
  field.focus();
  field.setSelectionRange(start, end);
  if (text.length < 20000 && document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/* Each line and cell gets its own pair, behind the sign of a list; a second time takes the marks away. */
function toggle(field, mark) {
  const [start, end] = [field.selectionStart, field.selectionEnd];
  const pieces = field.value.slice(start, end).split(/([\n\t])/).map((piece) => piece.match(/^(\s*(?:(?:[-–+•]|\(?\w{1,3}[.)])\s+)?)(.*?)(\s*)$/));
  const words = pieces.filter((piece) => piece[2]);
  const marked = words.length > 0 && words.every(([, , text]) => text.length > 4 && text.startsWith(mark) && text.endsWith(mark));
  const text = pieces.map(([, sign, words, rest]) => sign + (!words ? "" : marked ? words.slice(2, -2) : mark + words + mark) + rest).join("");
  if (!words.length) {
    insert(field, mark + mark, start, end);
    field.setSelectionRange(start + 2, start + 2);
    return;
  }
  insert(field, text, start, end);
  field.setSelectionRange(start, start + text.length);
}

async function paste(event, field, bar) {
  const html = event.clipboardData.getData("text/html").replaceAll("\0", ""); // some programs end with one
  const plain = event.clipboardData.getData("text/plain").replaceAll("\0", "");
  if (!html) return;
  event.preventDefault();
  const note = bar.querySelector("[data-pasted]");
  note.textContent = "Đang đọc nội dung dán…";
  let text = plain;
  try {
    const body = new FormData();
    body.set("csrfmiddlewaretoken", field.form.elements.csrfmiddlewaretoken.value);
    const bare = html.replace(/(["'])data:[^"']*\1/g, '""'); // pictures in base64 stay here
    body.set("html", bare.slice(0, 2000001)); // of more the server says that it is too much
    const answer = await fetch(bar.dataset.marks, { method: "POST", body, credentials: "same-origin", redirect: "error" });
    const found = await answer.json();
    if (answer.ok) text = found.text;
    note.textContent = answer.ok ? found.note : `${found.note} Đã dán chữ không định dạng.`;
  } catch {
    note.textContent = "Chưa đọc được định dạng. Đã dán chữ không định dạng.";
  }
  insert(field, onItsOwnLines(text || plain, field), field.selectionStart, field.selectionEnd);
}

/* Several lines do not run into the words before and behind them: a row of a table stays a row. */
function onItsOwnLines(text, field) {
  if (!text.includes("\n")) return text;
  const [before, after] = [field.value.slice(0, field.selectionStart).slice(-1), field.value.charAt(field.selectionEnd)];
  return (before && before !== "\n" ? "\n" : "") + text + (after && after !== "\n" ? "\n" : "");
}
