"use strict";
// Draws the list of findings, and a page for each finding and party. Texts become text nodes only.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const STEP = 100, PRINTED = 300, ANNEX = 25, PRINTED_LINES = 12;
  const list = document.getElementById("list"), detail = document.getElementById("detail");
  const report = document.getElementById("report"), content = document.getElementById("content");

  function el(name, properties, ...children) {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key === "on") for (const [event, run] of Object.entries(value)) made.addEventListener(event, run);
      else made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
    return made;
  }
  const number = (value) => Number(value).toLocaleString("en-US");
  const counted = (count, one, many) => `${number(count)} ${count === 1 ? one : many || one + "s"}`;
  const days = (first, last) => !first ? "" : first === last ? first : `${first} to ${last}`;
  const NO_CURRENCY = "—";
  const each = (amounts) => Object.entries(amounts || {}).filter(([, value]) => Number(value) !== 0).map(([currency, value]) =>
    `${Math.abs(value) >= 1 ? Math.round(value).toLocaleString("en-US") : value} ${currency === NO_CURRENCY ? "(no currency)" : currency}`);
  const money = (amounts) => each(amounts).join("; ");
  const stack = (texts) => texts.map((text) => el("span", {}, text));
  const exact = (value) => value === null || value === undefined ? "" :
    String(value).replace(/^(-?\d+)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ","));
  const party = (id) => data.parties[id] || {name: id, roles: [], certificates: [], authorizations: [], trades: []};

  // Findings with what is compared and looked for
  const rank = new Map(data.severities.map((name, place) => [name, place]));
  const totals = {};
  for (const finding of data.findings)
    for (const [currency, value] of Object.entries(finding.amount || {})) totals[currency] = (totals[currency] || 0) + Number(value);
  const mainCurrency = Object.keys(totals).sort((a, b) => totals[b] - totals[a])[0];
  const currencies = Object.keys(totals).sort((a, b) => totals[b] - totals[a]);
  data.findings.forEach((finding, place) => {
    const rule = data.rules[finding.rule];
    finding.place = place;
    finding.severity = rule.severity;
    finding.rank = rank.get(rule.severity);
    finding.value = Number((finding.amount || {})[mainCurrency] || 0);
    finding.text = [finding.message, rule.id, rule.name, finding.subject[1], finding.subject[2],
      ...(finding.object ? [finding.object[1], finding.object[2]] : []), finding.region, finding.country,
      ...(finding.path ? finding.path.parties.flat() : []), finding.work && finding.work.owner, finding.print].join("\n").toLowerCase();
  });
  const byPrint = new Map(data.findings.map((finding) => [finding.print, finding]));
  const find = (start) => byPrint.get(start) || data.findings.find((finding) => finding.print.startsWith(start));
  const link = (finding) => `#finding-${finding.print.slice(0, 12)}`;
  const partyLink = (id) => data.parties[id] ? el("a", {href: `#party-${encodeURIComponent(id)}`}, party(id).name) : el("span", {}, id);

  // The list
  const state = {words: "", severity: "", rule: "", region: "", status: "", work: "", group: "", sort: "severity", down: false, shown: STEP};
  const FAILING = ["new", "grown", "reopened"];
  const SORTS = {
    severity: (a, b) => a.rank - b.rank || (b.lines || 0) - (a.lines || 0) || a.place - b.place,
    finding: (a, b) => a.message < b.message ? -1 : a.message > b.message ? 1 : a.place - b.place,
    rule: (a, b) => a.rule - b.rule || a.place - b.place,
    value: (a, b) => b.value - a.value || currencies.reduce((found, name) =>
      found || Number((b.amount || {})[name] || 0) - Number((a.amount || {})[name] || 0), 0) || a.place - b.place,
    days: (a, b) => (b.last || "") < (a.last || "") ? -1 : (b.last || "") > (a.last || "") ? 1 : a.place - b.place,
  };
  const GROUPS = {
    rule: (finding) => [data.rules[finding.rule].id, `${data.rules[finding.rule].name} (${data.rules[finding.rule].id})`],
    partner: (finding) => [finding.subject[1], `${finding.subject[2]} (${finding.subject[1]})`],
    region: (finding) => { const name = [finding.region, finding.country].filter(Boolean).join(", ") || "No region"; return [name, name]; },
    severity: (finding) => [finding.severity, finding.severity],
  };
  let chosen = [], sorted = {by: "", all: []};
  const body = el("tbody"), count = el("p", {class: "count", role: "status"}), more = el("button", {class: "more", type: "button"}, "");
  const heads = {};

  function choose() {
    const words = state.words.toLowerCase().split(/\s+/).filter(Boolean);
    if (sorted.by !== `${state.sort} ${state.down}`) {
      const all = [...data.findings].sort(SORTS[state.sort]);
      sorted = {by: `${state.sort} ${state.down}`, all: state.down ? all.reverse() : all};
    }
    chosen = sorted.all.filter((finding) =>
      (!state.severity || finding.severity === state.severity) && (!state.rule || data.rules[finding.rule].id === state.rule) &&
      (!state.region || (finding.country || "") === state.region) &&
      (state.status === "all" || (state.status === "waived" ? finding.waived : !finding.waived) && (state.status !== "new" || FAILING.includes(finding.change))) &&
      (!state.work || (finding.work ? finding.work.state : "open") === state.work) &&
      words.every((word) => finding.text.includes(word)));
  }
  function partly(finding) {
    const parts = [finding.waivedLines && `${number(finding.waivedLines)} of ${number(finding.lines)} lines`,
      finding.waivedUnits && `${number(finding.waivedUnits)} units ${finding.waivedLines ? "of others" : `of ${number(finding.quantity)}`}`].filter(Boolean);
    return parts.length ? `${parts.join(" and ")} waived` : "";
  }
  function row(finding) {
    const rule = data.rules[finding.rule];
    const waived = finding.waived ? "" : partly(finding);
    const sub = [finding.path && route(finding.path), finding.path && finding.path.certainty, waived, finding.work && finding.work.told].filter(Boolean).join(" · ");
    return el("tr", {},
      el("td", {}, el("span", {class: `severity ${finding.severity}`}, finding.severity)),
      el("td", {class: "text"},
        finding.change ? el("span", {class: `flag ${finding.change}`}, finding.change) : null, finding.waived ? el("span", {class: "flag waived"}, "waived") : null,
        finding.work ? el("span", {class: `flag work ${finding.work.state}`}, finding.work.state) : null,
        el("a", {href: link(finding)}, finding.message), sub ? el("span", {class: "sub"}, sub) : null,
        el("span", {class: "sub narrowonly"}, [days(finding.first, finding.last), money(finding.amount)].filter(Boolean).join(" · "))),
      el("td", {class: "rule wideonly"}, rule.id),
      el("td", {class: "right stack wideonly"}, stack(each(finding.amount))),
      el("td", {class: "day stack wideonly"}, stack([...new Set([finding.first, finding.last].filter(Boolean))])));
  }
  const route = (path) => path.parties.map(([, name], place) =>
    place ? `${place === path.broken ? "✕→" : "→"} ${name}` : name).join(" ");
  function draw() {
    choose();
    const rows = [];
    if (state.group) {
      const groups = new Map();
      for (const finding of chosen) {
        const [key, title] = GROUPS[state.group](finding);
        if (!groups.has(key)) groups.set(key, {key, title, findings: []});
        groups.get(key).findings.push(finding);
      }
      const ordered = [...groups.values()];
      if (state.group !== "severity") ordered.sort((a, b) => b.findings.length - a.findings.length);
      let left = state.shown;
      for (const group of ordered) {
        if (left <= 0) break;
        const stake = ((data.stakes || {})[state.group] || {})[group.key];
        rows.push(el("tr", {class: "group"}, el("th", {colspan: 5, scope: "colgroup"}, group.title,
          el("span", {}, counted(group.findings.length, "finding")), stake ? el("span", {}, `${stake} at stake in all`) : null)));
        rows.push(...group.findings.slice(0, left).map(row));
        left -= group.findings.length;
      }
    } else rows.push(...chosen.slice(0, state.shown).map(row));
    body.replaceChildren(...rows);
    const shown = Math.min(state.shown, chosen.length);
    count.textContent = chosen.length ? `${counted(chosen.length, "finding")} of ${number(data.findings.length)}` +
      (shown < chosen.length ? `; the first ${number(shown)} are shown.` : ".") : "No finding fits.";
    more.hidden = shown >= chosen.length;
    more.textContent = `Show ${number(Math.min(STEP * 2, chosen.length - shown))} more`;
    for (const [name, head] of Object.entries(heads))
      head.setAttribute("aria-sort", name === state.sort ? (state.down ? "descending" : "ascending") : "none");
  }
  function change(values) { Object.assign(state, {shown: STEP}, values); draw(); }
  function choice(name, label, options) {
    const select = el("select", {id: `by-${name}`, on: {change: () => change({[name]: select.value})}},
      options.map(([value, text]) => el("option", {value}, text)));
    return el("div", {}, el("label", {for: `by-${name}`}, label), select);
  }
  function head(name, text, css) {
    heads[name] = el("th", {scope: "col", class: css, "aria-sort": "none"},
      el("button", {type: "button", on: {click: () => change(name === state.sort ? {down: !state.down} : {sort: name, down: false})}}, text));
    return heads[name];
  }
  function build() {
    const used = [...new Set(data.findings.map((finding) => finding.rule))].map((place) => data.rules[place].id);
    const places = [...new Set(data.findings.map((finding) => finding.country).filter(Boolean))].sort();
    const search = el("input", {id: "words", type: "search", autocomplete: "off", on: {input: () => change({words: search.value})}});
    const statuses = [["", "open"], ["waived", "waived"], ["all", "all"]];
    if (data.baseline) statuses.splice(1, 0, ["new", `new or grown since ${data.baseline}`]);
    more.addEventListener("click", () => { state.shown += STEP * 2; draw(); });
    list.append(
      el("form", {class: "controls", role: "search", "aria-label": "Findings", on: {submit: (event) => event.preventDefault()}},
        el("div", {class: "wide"}, el("label", {for: "words"}, "Search for words, names, ids"), search),
        choice("severity", "Severity", [["", "all"], ...data.severities.map((name) => [name, name])]),
        choice("rule", "Rule", [["", "all"], ...used.map((id) => [id, id])]),
        choice("region", "Country", [["", "all"], ...places.map((name) => [name, name])]),
        choice("status", "Status", statuses),
        data.findings.some((finding) => finding.work) ? choice("work", "Work",
          [["", "all"], ...["open", "assigned", "reopened", "closed"].map((name) => [name, name])]) : null,
        choice("group", "Group by", [["", "nothing"], ["partner", "partner"], ["rule", "rule"], ["region", "region"], ["severity", "severity"]])),
      count,
      el("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": "Findings, as a table"}, el("table", {}, el("thead", {}, el("tr", {},
        head("severity", "Severity"), head("finding", "Finding"), head("rule", "Rule", "wideonly"),
        head("value", "Value", "right wideonly"), head("days", "Days", "wideonly"))), body)), more);
    draw();
  }

  // A page for a finding
  function table(names, rows, right = []) {
    if (!rows.length) return el("p", {class: "quiet"}, "none");
    return el("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": names.join(", ")}, el("table", {},
      el("thead", {}, el("tr", {}, names.map((name, place) => el("th", {scope: "col", class: right.includes(place) ? "right" : null}, name)))),
      el("tbody", {}, rows.map((cells) => el("tr", {}, cells.map((cell, place) =>
        el("td", {class: [right.includes(place) ? "right" : "", Array.isArray(cell) ? "stack" : /^\d{4}-\d\d-\d\d$/.test(cell) ? "day" : ""].join(" ").trim() || null},
          cell === null || cell === undefined ? "" : cell instanceof Node ? cell : Array.isArray(cell) ? stack(cell) :
            typeof cell === "object" ? JSON.stringify(cell) : String(cell))))))));
  }
  const facts = (pairs) => el("dl", {class: "facts"}, pairs.filter(([, value]) => value !== null && value !== "" && value !== undefined && value !== false)
    .flatMap(([name, value]) => [el("dt", {}, name), el("dd", {}, value)]));
  function picture(path) {
    const items = [];
    path.parties.forEach(([id, name], place) => {
      if (place) {
        const line = data.lines[path.shipments[place - 1]], broken = place === path.broken;
        items.push(el("li", {class: broken ? "hop broken" : "hop"}, broken ? "Against the policy: " : "",
          `line ${path.shipments[place - 1]}` + (line ? `, ${line[0]}, ${counted(line[4], "unit")}` : "")));
      }
      items.push(el("li", {class: "party"}, partyLink(id), el("small", {}, [id === name ? "" : id, ...party(id).roles].filter(Boolean).join(" · "))));
    });
    return el("ol", {class: "path"}, items);
  }
  function svg(name, attributes, ...children) {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  }
  const time = (day) => Date.parse(`${day}T00:00:00Z`);
  function timeline(title, rows, marks) {
    // rows: [name, from, to]; an open end goes on to the edge
    const known = [...rows.flatMap(([, from, to]) => [from, to]), ...marks, data.asOf].filter(Boolean).map(time);
    const first = Math.min(...known), last = Math.max(...known), span = Math.max(last - first, 864e5);
    const names = [...new Set(rows.map(([name]) => name))], wide = 640, left = 170, right = 12;
    const x = (day) => left + (wide - left - right) * (day - first) / span;
    const high = 20 * names.length + 26;
    const made = svg("svg", {class: "time", viewBox: `0 0 ${wide} ${high}`, role: "img", "aria-label": `${title}, as a picture`});
    const from = new Date(first).getUTCFullYear(), to = new Date(last).getUTCFullYear(), every = Math.ceil((to - from + 1) / 10);
    for (let year = from + 1; year <= to; year += every) {
      const at = x(Date.UTC(year, 0, 1));
      made.append(svg("line", {x1: at, x2: at, y1: 0, y2: high - 16}), svg("text", {x: at + 2, y: high - 4, class: "axis"}, String(year)));
    }
    names.forEach((name, place) => {
      made.append(svg("text", {x: 0, y: 20 * place + 14}, name.length > 26 ? `${name.slice(0, 25)}…` : name));
      for (const [, start, end] of rows.filter(([other]) => other === name)) {
        const a = start ? x(time(start)) : left, b = end ? x(time(end)) : wide - right;
        made.append(svg("rect", {class: "span", x: a, y: 20 * place + 4, width: Math.max(b - a - 1, 1.5), height: 12}));
      }
    });
    for (const day of new Set(marks)) { const at = x(time(day)); made.append(svg("line", {class: "tick", x1: at, x2: at, y1: 0, y2: high - 16})); }
    return el("div", {class: "scroll", tabindex: "0", role: "group", "aria-label": title}, made);
  }
  function credentials(id, marks, says) {
    const sheet = party(id), parts = [];
    const granted = sheet.authorizations.map(([region, industry, from, to]) => [[region, industry].filter(Boolean).join(", ") || "everywhere", from, to]);
    const held = sheet.certificates.map(([role, issuer, from, to]) => [role, from, to]);
    parts.push(el("h3", {}, says ? `Certificates and territories of ${sheet.name} (${says})` : "Certificates and territories"));
    if (held.length || granted.length) {
      parts.push(timeline(`Certificates and territories of ${sheet.name} over time`, [...held, ...granted], marks),
        marks.length ? el("p", {class: "quiet"}, "Red lines: days of the finding's lines.") : null,
        table(["certificate", "issuer", "from", "to"], sheet.certificates),
        table(["region", "industry", "from", "to"], sheet.authorizations));
    } else parts.push(el("p", {class: "quiet"}, "None are known."));
    return parts;
  }
  function lines(finding, most = Infinity) {
    const extra = (finding.extra || []).slice(0, most), ids = (finding.evidence || []).slice(0, most);
    const names = [...new Set(extra.flatMap((row) => Object.keys(row)))];
    if (!ids.length) return extra.length ? [el("h3", {}, "Evidence"), table(names, extra.map((row) => names.map((name) => row[name])))] : [];
    const rows = ids.map((id, place) => {
      const line = data.lines[id] || [];
      return [id, line[0], line[1] && partyLink(line[1]), line[2] && partyLink(line[2]), line[3], number(line[4]), exact(line[5]), line[6], line[7],
        ...names.map((name) => (extra[place] || {})[name])];
    });
    const left = finding.lines - ids.length;
    return [el("h3", {}, "Lines"), table(["line", "day", "seller", "buyer", "product", "units", "amount", "currency", "document", ...names], rows, [5, 6]),
      left > 0 ? el("p", {class: "quiet"}, `${number(left)} more lines; graphchannel show ${finding.print.slice(0, 12)} lists all.`) : null];
  }
  function findingPage(finding, most) {
    const rule = data.rules[finding.rule];
    const marks = (finding.evidence || []).map((id) => (data.lines[id] || [])[0]).filter(Boolean);
    const waivers = data.waivers.filter((waiver) => waiver.rules.includes(rule.id) && waiver.subject === finding.subject[1] &&
      (!waiver.object || finding.object && waiver.object === finding.object[1]));
    const parties = [finding.subject, finding.object].filter((ref) => ref && ref[0] === "party");
    return [
      el("h2", {tabindex: "-1"}, finding.message),
      facts([
        ["Severity", el("span", {class: `severity ${finding.severity}`}, finding.severity)],
        ["Rule", `${rule.name} (${rule.id}), section ${rule.section}`],
        ["Status", (finding.waived ? "waived" : ["open", partly(finding)].filter(Boolean).join("; ")) +
          (finding.change ? `; ${finding.change} since ${data.baseline}` + (finding.before !== undefined ? `, when it had ${counted(finding.before, "line")}` : "") : "")],
        ["Work", finding.work && finding.work.told],
        ["First seen", finding.since !== data.asOf && finding.since],
        ["Subject", finding.subject[0] === "party" ? partyLink(finding.subject[1]) : `${finding.subject[2]} (${finding.subject[0]} ${finding.subject[1]})`],
        ["Object", finding.object && (finding.object[0] === "party" ? partyLink(finding.object[1]) : `${finding.object[2]} (${finding.object[0]} ${finding.object[1]})`)],
        ["Lines", finding.lines ? `${counted(finding.lines, "line")}, ${counted(finding.quantity || 0, "unit")}, ${days(finding.first, finding.last)}` : ""],
        ["Value", Object.entries(finding.amount || {}).map(([name, value]) => `${exact(value)} ${name}`).join("; ")],
        ["Fingerprint", finding.print],
        ["In Neo4j", finding.browser && el("a", {href: finding.browser, rel: "noreferrer"}, "Open in Neo4j Browser")],
      ]),
      (finding.twins || []).map(([id, print, same]) => el("p", {}, same ? "The same lines are found by " : "All its lines, and others, are found by ",
        find(print) ? el("a", {href: link(find(print))}, id) : id, ". Their value counts once in the totals.")),
      finding.path ? [el("h3", {}, "Path"), picture(finding.path),
        el("p", {}, `How sure: ${[finding.path.certainty, ...finding.path.quantities].join("; ")}.`),
        finding.path.paths > 1 ? el("p", {class: "quiet"}, `One of ${number(finding.path.paths)} paths of this finding.`) : null] : null,
      finding.unlisted ? el("p", {class: "note"}, `The sentence counts ${counted(finding.unlisted, "unit")} on lines beyond those below: graphchannel trace --from ${finding.subject[1]}` +
        (finding.path && finding.path.product ? ` --product ${finding.path.product}` : "") + " lists where they can have gone.") : null,
      lines(finding, most),
      parties.flatMap((ref, place) => credentials(ref[1], marks, place ? "object" : "subject")),
      el("h3", {}, "Why"), rule.clauses.map((clause) => el("p", {}, `Policy ${clause}`)),
      rule.why.filter(Boolean).map((text) => el("p", {}, text)),
      finding.work ? [el("h3", {}, "What was done"), table(["when (UTC)", "who", "what"], finding.work.history)] : null,
      waivers.length ? [el("h3", {}, "Waivers"), table(["from", "to", "product", "used of cap", "approver", "reason", "status"],
        waivers.map((w) => [w.from, w.to, w.product, w.caps, w.approver, w.reason,
          w.beyond ? `${w.status}; ${counted(w.beyond, "line")} beyond it` : w.status]))] : null,
    ].flat(2);
  }
  function partyPage(id) {
    const sheet = party(id);
    const about = data.findings.filter((finding) => finding.subject[1] === id || finding.object && finding.object[1] === id);
    const marks = about.filter((finding) => finding.subject[1] === id).flatMap((finding) => (finding.evidence || []).map((line) => (data.lines[line] || [])[0])).filter(Boolean);
    return [
      el("h2", {tabindex: "-1"}, sheet.name),
      facts([["Id", id], ["Kind", sheet.kind], ["Seat", [sheet.city, sheet.region, sheet.country].filter(Boolean).join(", ")],
        [`Roles on ${data.asOf}`, sheet.roles.join(", ") || "none"], ["At stake", ((data.stakes || {}).partner || {})[id]]]),
      el("h3", {}, "Findings"),
      table(["severity", "as", "finding", "value", "days"], about.map((finding) => [finding.severity, finding.subject[1] === id ? "subject" : "object",
        el("a", {href: link(finding)}, finding.message), each(finding.amount), [...new Set([finding.first, finding.last].filter(Boolean))]]), [3]),
      credentials(id, marks, ""),
      sheet.trades.length ? [el("h3", {}, `Largest partners in trade up to ${data.asOf}`),
        table(["direction", "party", "name", "lines", "units", "value"], sheet.trades.map(([how, other, name, count, units, amounts]) =>
          [how, other, name, number(count), number(units), each(amounts)]), [3, 4, 5])] : null,
    ].flat(2);
  }

  // Which page is shown, as the address says
  let before = 0;
  function turn(moved) {
    const [, kind, name] = /^#(finding|party)-(.+)$/.exec(location.hash) || [];
    const id = name && decodeURIComponent(name);
    const page = kind === "finding" ? find(id) && findingPage(find(id)) : kind === "party" && data.parties[id] ? partyPage(id) : null;
    if (page && detail.hidden) before = window.scrollY;
    detail.hidden = !page;
    report.hidden = Boolean(page);
    detail.replaceChildren(...(page ? [el("p", {class: "back"}, el("a", {href: "#findings"}, "← All findings")), ...page.filter(Boolean)] : []));
    if (page) { window.scrollTo(0, 0); detail.querySelector("h2").focus({preventScroll: true}); }
    else if (moved && location.hash === "#findings") window.scrollTo(0, before);
    else if (moved && location.hash) document.querySelector(CSS.escape ? `#${CSS.escape(location.hash.slice(1))}` : location.hash)?.scrollIntoView();
  }
  window.addEventListener("hashchange", () => turn(true));

  // On paper the list is longer, and the worst findings follow in full
  const annex = el("section", {id: "annex"});
  window.addEventListener("beforeprint", () => {
    if (!detail.hidden) return;
    state.shown = PRINTED;
    draw();
    const worst = chosen.slice(0, ANNEX);
    annex.replaceChildren(el("h2", {}, worst.length < chosen.length ? `The first ${worst.length} of ${number(chosen.length)} findings in full` : "Findings in full"),
      ...worst.map((finding) => el("article", {}, ...findingPage(finding, PRINTED_LINES).filter(Boolean))));
    report.append(annex);
  });
  window.addEventListener("afterprint", () => { annex.remove(); state.shown = STEP; draw(); });

  build();
  turn(false);
})();
