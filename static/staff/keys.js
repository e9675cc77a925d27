// Keys of the staff door: ? lists them, / finds, g h goes home, j and k walk the rows of a list, Enter opens.
// Single keys can be switched off (WCAG 2.1.4); they rest inside fields, with modifiers and while a dialog is open.
"use strict";

(function () {
  const dialog = document.getElementById("keys");
  const OFF = "remit-keys-off";
  const ROWS = "main .table > tbody > tr, main .stacked > tbody > tr";
  const HANDLES = "input[type=checkbox], button, summary";
  const PAIR = 1500;
  let off = stored() === "1";
  let pressed = 0;

  // A browser may forbid storage; the keys then work until the page is left.
  function stored() {
    try {
      return window.localStorage.getItem(OFF);
    } catch {
      return null;
    }
  }

  function keep() {
    try {
      window.localStorage.setItem(OFF, off ? "1" : "0");
    } catch {
      return;
    }
  }

  function resting(event) {
    const at = event.target;
    const field = at.isContentEditable || at.matches("input:not([type=checkbox]), select, textarea");
    const modified = event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
    return off || dialog.open || field || modified || event.defaultPrevented;
  }

  // What a row is opened by: its first link that people can see; where it has none, its tick or its button.
  function links() {
    const rows = [...document.querySelectorAll(ROWS)];
    return rows.map((row) => visible(row, "a[href]") || visible(row, HANDLES)).filter((each) => each);
  }

  function visible(row, kind) {
    return [...row.querySelectorAll(kind)].find((each) => each.offsetParent !== null);
  }

  function walk(step) {
    const all = links();
    const row = document.activeElement.closest("tr");
    const here = all.findIndex((link) => row !== null && row.contains(link));
    const next = here < 0 ? (step > 0 ? 0 : all.length - 1) : Math.min(Math.max(here + step, 0), all.length - 1);
    if (all[next]) {
      all[next].focus();
      all[next].scrollIntoView({ block: "nearest" });
    }
    return all.length > 0;
  }

  function find() {
    const field = document.getElementById("find") || document.getElementById("q");
    if (field) {
      field.focus();
      field.select();
    }
    return field !== null;
  }

  function home() {
    window.location.assign(dialog.dataset.home);
    return true;
  }

  function help() {
    dialog.showModal();
    return true;
  }

  const acts = { "?": help, "/": find, j: () => walk(1), k: () => walk(-1) };

  document.addEventListener("keydown", (event) => {
    if (resting(event)) {
      return;
    }
    const second = event.timeStamp - pressed < PAIR;
    pressed = event.key === "g" ? event.timeStamp : -PAIR;
    const act = second && event.key === "h" ? home : Object.hasOwn(acts, event.key) ? acts[event.key] : null;
    if (act && act()) {
      event.preventDefault();
    }
  });

  const button = document.getElementById("keys-open");
  const box = document.getElementById("keys-off");
  pressed = -PAIR;
  button.hidden = false;
  button.addEventListener("click", help);
  box.checked = off;
  box.addEventListener("change", () => {
    off = box.checked;
    keep();
  });
})();
