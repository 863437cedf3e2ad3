// A small filter over findings, kept in the address; everything else works without scripts.
"use strict";
(() => {
  const form = document.getElementById("filter");
  const boxes = [...form.querySelectorAll("[name=show]")];
  const said = document.getElementById("filter-said");
  const findings = [...document.querySelectorAll("details.f")];
  const items = [...findings, ...document.querySelectorAll(".l")];
  const holders = [...document.querySelectorAll(".group, .rule, .rec, .case")];
  const words = new Map();
  const opened = new Set();
  let timer = 0;

  const wordsOf = (item) => {
    if (!words.has(item)) words.set(item, item.textContent.toLowerCase().replace(/\s+/g, " "));
    return words.get(item);
  };

  const chosen = () => boxes.filter((box) => box.checked).map((box) => box.value);

  const apply = () => {
    const show = new Set(chosen());
    const text = form.text.value.trim().toLowerCase().replace(/\s+/g, " ");
    const active = show.size < boxes.length || text !== "";
    for (const item of items) {
      item.hidden = !show.has(item.dataset.o) || (text !== "" && !wordsOf(item).includes(text));
    }
    for (const holder of holders) {
      const some = holder.querySelector("[data-o].f:not([hidden]), .l:not([hidden])") !== null;
      holder.hidden = active && !some;
      if (holder.tagName !== "DETAILS") continue;
      if (active && some && !holder.open) {
        holder.open = true;
        opened.add(holder);
      } else if (!active && opened.delete(holder)) {
        holder.open = false;
      }
    }
    const shown = findings.filter((finding) => !finding.hidden).length;
    said.textContent = active ? `Showing ${shown} of ${findings.length} findings.` : "";
    return active;
  };

  const isFilter = (state) => state.has("show") || state.has("text");

  const remember = (active) => {
    // An address of a finding stays when there is no filter to put in its place.
    if (!active && !isFilter(new URLSearchParams(location.hash.slice(1)))) return;
    const state = new URLSearchParams();
    if (chosen().length < boxes.length) state.set("show", chosen().join(","));
    if (form.text.value.trim()) state.set("text", form.text.value.trim());
    history.replaceState(null, "", active ? `#${state}` : location.pathname + location.search);
  };

  const refilter = () => remember(apply());

  const reveal = (target) => {
    if (target.closest("[hidden]")) {
      form.reset();
      apply();
    }
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    target.scrollIntoView();
  };

  const follow = () => {
    const place = location.hash.slice(1);
    const state = new URLSearchParams(place);
    if (isFilter(state)) {
      const show = state.has("show") ? state.get("show").split(",") : null;
      for (const box of boxes) box.checked = show === null || show.includes(box.value);
      form.text.value = state.get("text") || "";
      apply();
      return;
    }
    const target = place && document.getElementById(place);
    if (target) reveal(target);
  };

  const setAll = (open) => {
    for (const box of document.querySelectorAll("details")) box.open = open;
    opened.clear();
  };

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", refilter);
  form.addEventListener("reset", () => setTimeout(refilter));
  form.text.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(refilter, 150);
  });
  document.getElementById("open-all").addEventListener("click", () => setAll(true));
  document.getElementById("close-all").addEventListener("click", () => setAll(false));
  addEventListener("hashchange", follow);
  follow();
})();
