// Folds: an address opens what is folded around it; buttons open and close all, and print.
"use strict";
(() => {
  // What comes into sight is laid out only then, and may push the target away again.
  const settle = (target, times) => {
    target.scrollIntoView();
    if (times) requestAnimationFrame(() => settle(target, times - 1));
  };

  const reveal = (target) => {
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) {
      box.open = true;
    }
    settle(target, 4);
  };

  const follow = () => {
    const place = decodeURIComponent(location.hash.slice(1));
    const target = place && document.getElementById(place);
    if (!target) return;
    const shut = target.closest("[hidden]");
    // What the filter took away comes back for a link that leads into it.
    if (shut) shut.hidden = false;
    reveal(target);
  };

  const setAll = (open) => {
    for (const box of document.querySelectorAll("main details")) box.open = open;
  };

  const work = {
    open: () => setAll(true),
    close: () => setAll(false),
    print: () => window.print(),
  };
  for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;
  for (const button of document.querySelectorAll("[data-do]")) {
    button.addEventListener("click", work[button.dataset.do]);
  }
  // A link to where one already is changes nothing in the address, and still has to open.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (link && link.hash === location.hash) follow();
  });
  // What is opened is where one is: its address can be copied.
  document.addEventListener("toggle", (event) => {
    const box = event.target;
    if (box.open && box.id && box.id !== decodeURIComponent(location.hash.slice(1))) {
      history.replaceState(null, "", `#${encodeURIComponent(box.id)}`);
    }
  }, true);
  addEventListener("hashchange", follow);
  follow();
})();
