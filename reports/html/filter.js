// The filter: works on the index of findings at the end of the page, and is kept in the address.
"use strict";
(() => {
  const source = document.getElementById("index");
  if (!source) return;
  const STEP = 200;
  const NAMES = ["outcome", "agency", "theme", "recommendation", "severity", "case", "text"];
  const index = JSON.parse(source.textContent);
  const total = index.rule.length;
  const form = document.getElementById("filter");
  const results = document.getElementById("results");
  const rows = results.querySelector("tbody");
  const more = document.getElementById("more");
  const said = document.getElementById("filter-said");
  const all = document.getElementById("by-rule");
  const boxes = [...form.querySelectorAll("[name=outcome]")];
  const field = (name) => form.elements.namedItem(name);
  let found = [];
  let shown = 0;
  let kept = null;
  let timer = 0;

  // What findings say is on the page; where they have pages of their own, it lies beside the index.
  const fromPage = () => {
    const numbers = new Map();
    const numberOf = (said) => {
      if (!numbers.has(said)) numbers.set(said, numbers.size);
      return numbers.get(said);
    };
    const columns = { reason: [], remedy: [], silent: [] };
    for (let number = 0; number < total; number += 1) {
      const at = document.getElementById(anchorOf(number));
      const part = (name) => numberOf(at.querySelector(name)?.textContent ?? "");
      const isOpen = at.matches("details");
      columns.reason.push(isOpen ? part(".why") : numberOf(at.parentElement.firstChild.data));
      columns.remedy.push(part(".remedy"));
      columns.silent.push(part(".none"));
    }
    return { texts: [...numbers.keys()].map((said) => said.replace(/^Not recorded: /, "")), ...columns };
  };

  // Texts are read when somebody looks for one, or at one.
  const words = () => {
    const beside = document.getElementById("words");
    kept ??= beside ? JSON.parse(beside.textContent) : fromPage();
    return kept;
  };
  const text = (column, number) => words().texts[words()[column][number]];

  const lower = (value) => value.toLowerCase().replace(/\s+/g, " ").trim();
  const ruleOf = (number) => index.rules[index.rule[number]];
  const recordOf = (number) => index.records[index.record[number]];
  const unitOf = (number) => index.units[index.unit[number]];

  const anchorOf = (number) =>
    index.odd[number] ??
    ["f", ruleOf(number)[0], recordOf(number)[0], unitOf(number)[0]].join("~");
  const addressOf = (number) =>
    `${index.page.length ? index.folder + index.pages[index.page[number]] : ""}#${anchorOf(number)}`;

  // Each choice looks at the short tables first, so that a finding costs a few look-ups.
  const chosenRules = (state) => {
    const { agency, theme, recommendation, severity } = state;
    return index.rules.map(([, , , level, place]) => {
      const [id, , itsAgency, itsTheme] = index.recommendations[place];
      return (!agency || agency === itsAgency) && (!theme || theme === itsTheme) &&
        (!recommendation || recommendation === id) && (!severity || severity === level);
    });
  };

  const chosenRecords = (name) => {
    const wanted = lower(name);
    const exact = index.records.some(([, id]) => lower(id) === wanted);
    return index.records.map(([, id]) =>
      exact ? lower(id) === wanted : lower(id).includes(wanted));
  };

  const holders = (word) => {
    const has = (parts) => parts.some((part) => part.toLowerCase().includes(word));
    return {
      rules: index.rules.map(([, id, title, , place]) =>
        has([id, title, ...index.recommendations[place]])),
      records: index.records.map(([, id]) => has([id])),
      units: index.units.map(([, place]) => has([place])),
      texts: words().texts.map((said) => has([said])),
    };
  };

  const holds = (number, { rules, records, units, texts }) =>
    rules[index.rule[number]] || records[index.record[number]] || units[index.unit[number]] ||
    texts[kept.reason[number]] || texts[kept.remedy[number]] || texts[kept.silent[number]];

  const select = (state) => {
    const outcomes = index.outcomes.map(([name]) =>
      !state.outcome || state.outcome.split(",").includes(name));
    const rules = chosenRules(state);
    const records = chosenRecords(state.case);
    const sought = lower(state.text).split(" ").filter(Boolean).map(holders);
    const fitting = [];
    for (let number = 0; number < total; number += 1) {
      if (outcomes[index.outcome[number]] && rules[index.rule[number]] &&
          records[index.record[number]] && sought.every((word) => holds(number, word))) {
        fitting.push(number);
      }
    }
    return fitting;
  };

  const made = (tag, content, attributes = {}) => {
    const element = document.createElement(tag);
    element.append(...[content].flat());
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };

  const rowOf = (number) => {
    const [outcome, label, sign] = index.outcomes[index.outcome[number]];
    const badge = made("b", [made("i", sign, { "aria-hidden": "true" }), ` ${label}`],
      { class: "o", "data-o": outcome });
    const place = unitOf(number)[1];
    const who = [made("bdi", recordOf(number)[1])];
    if (place) who.push(" ", made("span", place, { class: "where" }));
    const why = [made("a", made("bdi", ruleOf(number)[2]), { href: addressOf(number) }),
      made("bdi", text("reason", number), { class: "said" })];
    const remedy = text("remedy", number);
    if (remedy) why.push(made("bdi", remedy, { class: "said remedy" }));
    return made("tr", [made("td", badge), made("th", who, { scope: "row" }), made("td", why)]);
  };

  const showMore = () => {
    const next = found.slice(shown, shown + STEP);
    rows.append(...next.map(rowOf));
    shown += next.length;
    more.hidden = shown >= found.length;
    more.textContent = `Show ${Math.min(STEP, found.length - shown).toLocaleString("en-GB")} more`;
  };

  const stateOfForm = () => ({
    outcome: boxes.filter((box) => box.checked).map((box) => box.value).join(","),
    ...Object.fromEntries(NAMES.slice(1).map((name) => [name, field(name).value.trim()])),
  });

  const fillForm = (state) => {
    const outcomes = (state.outcome || "").split(",");
    for (const box of boxes) box.checked = outcomes.includes(box.value);
    for (const name of NAMES.slice(1)) field(name).value = state[name] || "";
  };

  const apply = () => {
    const state = stateOfForm();
    const active = NAMES.some((name) => state[name]);
    found = select(state);
    shown = 0;
    rows.replaceChildren();
    if (active) showMore();
    results.hidden = !active || !found.length;
    all.hidden = active;
    const counts = [found.length, total].map((count) => count.toLocaleString("en-GB"));
    said.textContent = active ? `${counts[0]} of ${counts[1]} findings fit.` : "";
    return active ? `#${new URLSearchParams(NAMES.filter((name) => state[name])
      .map((name) => [name, state[name]]))}` : "";
  };

  const bare = () => location.href.split("#")[0];
  const isFilter = (place) => NAMES.some((name) => place.startsWith(`${name}=`));

  // Every choice is a step that Back undoes; the letters of a word are one step together.
  const refilter = (typing) => {
    const address = apply();
    if (address === location.hash) return;
    const replaces = typing && isFilter(location.hash.slice(1));
    history[replaces ? "replaceState" : "pushState"](null, "", address || bare());
  };

  // Where the finding of an address stands on another page, that page is opened.
  const elsewhere = (place) => {
    if (!place.startsWith("f~") || !index.page.length) return;
    for (let number = 0; number < total; number += 1) {
      if (anchorOf(number) === place) {
        location.replace(addressOf(number));
        return;
      }
    }
  };

  const follow = () => {
    const place = location.hash.slice(1);
    const filter = isFilter(place);
    // The address is what holds: any other than a filter ends the filter, and Back brings it back.
    fillForm(filter ? Object.fromEntries(new URLSearchParams(place)) : {});
    apply();
    if (!filter) elsewhere(place);
  };

  const cell = (value) => {
    // A spreadsheet would take these for the start of a formula, also where it splits at a
    // semicolon or a line break within the cell.
    const safe = value.replace(/^(?=\s*[=+\-@＝＋－＠]|[\t\r\n])/, "'")
      .replace(/(?<=[;\n\r])(?=\s*[=+\-@＝＋－＠])/g, "'");
    return `"${safe.replace(/"/g, '""')}"`;
  };

  const HEADINGS = ["outcome", "kind", "record", "about", "recommendation", "rule", "severity",
    "agency", "theme", "why", "what it would have taken", "not recorded"];
  const lineOf = (number) => {
    const [, , title, severity, place] = ruleOf(number);
    const [recommendation, , agency, theme] = index.recommendations[place];
    const [, record, kind] = recordOf(number);
    const [, label] = index.outcomes[index.outcome[number]];
    return [label, kind, record, unitOf(number)[1], recommendation, title, severity, agency, theme,
      ...["reason", "remedy", "silent"].map((column) => text(column, number))];
  };

  const download = (event) => {
    const lines = [HEADINGS, ...found.map(lineOf)];
    const table = lines.map((line) => `${line.map(cell).join(",")}\r\n`);
    const url = URL.createObjectURL(new Blob(["\ufeff", ...table], { type: "text/csv" }));
    made("a", "", { href: url, download: event.currentTarget.dataset.name }).click();
    setTimeout(() => URL.revokeObjectURL(url), 10000);
  };

  const options = (name, values) => {
    const known = [...new Set(values.map(([value]) => value))].filter(Boolean);
    const labels = new Map(values);
    field(name).append(...known.map((value) =>
      made("option", labels.get(value) || value, { value })));
  };

  const inUse = [...new Set(index.rules.map((rule) => rule[4]))].sort((a, b) => a - b)
    .map((place) => index.recommendations[place]);
  const sorted = (place) => inUse.map((item) => [item[place]]).sort();
  options("agency", sorted(2));
  options("theme", sorted(3));
  options("recommendation", inUse.map(([id, title]) => {
    const short = title.length > 60 ? `${title.slice(0, 60)}…` : title;
    return [id, `${id} ${short}`];
  }));
  document.getElementById("filter-cases").append(
    ...[...new Set(index.records.map(([, id]) => id))].slice(0, 2000)
      .map((value) => made("option", "", { value })));

  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    clearTimeout(timer);
    refilter(false);
  });
  form.addEventListener("reset", () => setTimeout(() => refilter(false)));
  for (const name of ["case", "text"]) {
    field(name).addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(() => refilter(true), 150);
    });
  }
  more.addEventListener("click", showMore);
  document.getElementById("download").addEventListener("click", download);
  addEventListener("hashchange", follow);
  follow();
})();
