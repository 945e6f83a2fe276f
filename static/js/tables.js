/* Cells copied in Excel, pasted into one field of a table of fields, fill the fields to the right and below.
   What they hold is saved and judged as if it had been typed. */
"use strict";

const YES = ["x", "có", "1", "✓"], NO = ["", "không", "0"];
const UNSAVED = " Chưa lưu: kiểm tra lại rồi bấm nút lưu.";

for (const table of document.querySelectorAll("[data-paste-table]")) {
  const note = document.createElement("p");
  note.className = "why mb-2";
  note.setAttribute("aria-live", "polite");
  note.textContent = "Dán được từ Excel: đặt con trỏ ở ô đầu tiên rồi dán.";
  (table.closest(".scroll") || table).before(note);
  table.addEventListener("paste", (event) => {
    const grid = cellsOf(event.clipboardData.getData("text/plain"));
    if (!event.target.matches("input, select") || (grid.length < 2 && grid[0].length < 2)) return;
    event.preventDefault();
    const { filled, refused } = fill(table, event.target, grid);
    note.textContent = wordsOf(filled, refused);
    if (filled.length) note.append(" ", undoButton(note, filled));
  });
}

/* What somebody wrote into a field after the paste stays. */
function undoButton(note, filled) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-outline-secondary";
  button.textContent = "Hoàn tác";
  button.addEventListener("click", () => {
    const restored = filled.filter(({ field, now }) => field.isConnected && stateOf(field) === now);
    for (const { field, before } of restored) field[stateName(field)] = before;
    const fields = restored.map(({ field }) => field), kept = filled.length - restored.length;
    tell(fields);
    const rest = kept ? `; ${kept} ô đã sửa sau khi dán thì giữ nguyên` : "";
    note.textContent = `Đã trả lại ${fields.length} ô như trước khi dán${rest}.${isSaved(fields) ? "" : UNSAVED}`;
    if (fields.length) fields[0].focus();
  });
  return button;
}

function stateName(field) {
  return field.type === "checkbox" ? "checked" : "value";
}

function stateOf(field) {
  return field[stateName(field)];
}

/* Excel wraps a cell in quotation marks where it holds a line break, a tab or such marks. */
function cellsOf(text) {
  const grid = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;
  const whole = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (;;) {
    const [all, wrapped, plain, end] = pattern.exec(whole);
    const isWrapped = wrapped !== undefined && /[\t\n]|""/.test(wrapped);
    grid.at(-1).push(isWrapped ? wrapped.replaceAll('""', '"') : wrapped === undefined ? plain : `"${wrapped}"`);
    if (!end) return grid;
    if (end === "\n") grid.push([]);
  }
}

function fieldsOf(row) {
  const kinds = ["hidden", "radio", "submit", "button", "file"];
  return [...row.querySelectorAll("input, select, textarea")].filter(
    (field) => !kinds.includes(field.type) && !field.disabled && !field.readOnly && field.getClientRects().length);
}

function fill(table, first, grid) {
  const rows = [...table.querySelectorAll("tr, [data-paste-row]")].map(fieldsOf).filter((fields) => fields.length);
  const top = rows.findIndex((fields) => fields.includes(first));
  const left = rows[top].indexOf(first);
  const filled = [];
  let refused = 0;
  grid.forEach((line, down) => line.forEach((text, right) => {
    const field = (rows[top + down] || [])[left + right];
    const before = field && stateOf(field);
    if (field && put(field, text)) filled.push({ field, before, now: stateOf(field) });
    else refused += 1;
  }));
  tell(filled.map(({ field }) => field));
  return { filled, refused };
}

/* True where the field now holds the text. What a field cannot hold is left as it was. */
function put(field, text) {
  const wanted = plain(text), before = field.value;
  if (field.type === "checkbox") {
    if (![...YES, ...NO].includes(wanted.toLowerCase())) return false;
    field.checked = YES.includes(wanted.toLowerCase());
    return true;
  }
  if (field.tagName === "SELECT") {
    const option = [...field.options].find((option) => plain(option.text).toLowerCase() === wanted.toLowerCase());
    if (option) field.value = option.value;
    return Boolean(option);
  }
  if (field.maxLength > 0 && wanted.length > field.maxLength) return false;
  field.value = wanted;
  if (field.value !== wanted) field.value = before;
  return field.value === wanted;
}

function plain(text) {
  return text.normalize("NFC").replace(/\s+/g, " ").trim();
}

/* As after typing; a form that saves itself does so once. */
function tell(fields) {
  const forms = new Set();
  for (const field of fields) field.dispatchEvent(new Event("input", { bubbles: true }));
  for (const field of fields) {
    const form = field.closest("form[data-autosave]");
    if (!form || !forms.has(form)) field.dispatchEvent(new Event("change", { bubbles: true }));
    forms.add(form);
  }
}

function isSaved(fields) {
  return fields.every((field) => field.closest("form[data-autosave]"));
}

function wordsOf(filled, refused) {
  const rest = refused ? `; ${refused} ô không nhận (thừa hàng, thừa cột, hoặc ô không ghi được giá trị ấy)` : "";
  return `Đã điền ${filled.length} ô${rest}.${isSaved(filled.map(({ field }) => field)) ? "" : UNSAVED}`;
}
