import { useEffect, useRef, useState } from "react";
import { Switch, Text } from "@radix-ui/themes";

const KEPT = "single-letter-keys";
const TYPING = "input, textarea, select, [contenteditable], [role=combobox], [role=listbox], [role=menu]";
const DIALOG = "[role=dialog], [role=alertdialog]";
const BUSY_MS = 3000;

// Keys of a list: j and k move from row to row, the others press the button of the row that says so (`data-key`), or
// the only one of the page. A key that decides something waits until the list has changed, so that pressing it twice
// decides once. When the row at hand is gone, the one in its place is taken.
export function ListKeys({ listId, rows }) {
  const at = useRef(-1);
  const decidedAt = useRef(0);

  useEffect(() => {
    decidedAt.current = 0;
    if (at.current < 0) return;
    let left = 10;
    // A dialog that is closing still holds the focus.
    const timer = setInterval(() => {
      if (left-- === 0 || (document.activeElement !== document.body && !document.querySelector(DIALOG))) {
        clearInterval(timer);
      } else if (!document.querySelector(DIALOG)) {
        go(listId, at, at.current);
        clearInterval(timer);
      }
    }, 60);
    return () => clearInterval(timer);
  }, [rows, listId]);

  useEffect(() => {
    const onKey = (event) => {
      if (areOff() || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (event.target.closest?.(TYPING) || document.querySelector(DIALOG)) return;
      const here = indexOf(listId, document.activeElement);
      if (event.key === "j" || event.key === "k") {
        event.preventDefault();
        go(listId, at, here < 0 ? Math.max(at.current, 0) : here + (event.key === "j" ? 1 : -1));
        return;
      }
      const button = buttonFor(listId, here, event.key);
      if (!button || event.repeat) return;
      event.preventDefault();
      if (button.dataset.decides !== undefined) {
        if (Date.now() - decidedAt.current < BUSY_MS) return;
        decidedAt.current = Date.now();
      }
      if (here >= 0) at.current = here;
      button.click();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [listId]);

  return null;
}

// Whoever speaks to the machine, or leans on its keys, switches single letters off; this browser remembers it.
export function KeysSwitch({ label }) {
  const [isOn, setOn] = useState(!areOff());
  const turn = (on) => {
    localStorage.setItem(KEPT, on ? "on" : "off");
    setOn(on);
  };
  return (
    <Text as="label" size="2" className="row keys-switch">
      <Switch checked={isOn} onCheckedChange={turn} /> {label}
    </Text>
  );
}

function areOff() {
  return typeof localStorage !== "undefined" && localStorage.getItem(KEPT) === "off";
}

function rowsOf(listId) {
  return [...(document.getElementById(listId)?.querySelectorAll("tr[data-row]") ?? [])];
}

// What opens below a row belongs to it.
function indexOf(listId, element) {
  let row = element?.closest?.("tr");
  while (row && row.dataset.row === undefined) row = row.parentElement.closest("tr") ?? row.previousElementSibling;
  return row ? rowsOf(listId).indexOf(row) : -1;
}

function go(listId, at, wanted) {
  const rows = rowsOf(listId);
  if (!rows.length) return;
  at.current = Math.min(Math.max(wanted, 0), rows.length - 1);
  rows[at.current].querySelector('[data-key="o"]')?.focus({ preventScroll: true });
  rows[at.current].scrollIntoView({ block: "nearest" });
}

function buttonFor(listId, here, key) {
  const wanted = `[data-key="${CSS.escape(key)}"]`;
  if (here >= 0) {
    const found = rowsOf(listId)[here].querySelector(wanted);
    if (found) return found.disabled ? null : found;
  }
  return [...document.querySelectorAll(wanted)].find((button) => !button.closest("tr")) ?? null;
}
