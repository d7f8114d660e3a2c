// What a form is warned of before it is saved. The server is asked first, for a second and a half;
// without it the form's own limits count. A warning never blocks: it asks for a reason.
(function () {
  "use strict";
  var sending = window.wardlight.sending;
  var CHECK_MS = 1500;
  var REASONS = [
    "Right for this patient", "Emergency, no time", "Checked with prescriber or pharmacist",
    "Checked with a second nurse", "Other"
  ];

  function make(tag, words, kind) {
    var made = document.createElement(tag);
    if (words) { made.textContent = words; }
    if (kind) { made.className = kind; }
    return made;
  }

  function part(form, kind) {
    var found = form.querySelector("." + kind);
    if (found) { return found; }
    found = make("div", "", kind);
    form.insertBefore(found, form.firstChild);
    return found;
  }

  // --- without the server -----------------------------------------------------------------

  // The time in a field, with the day beside it; an empty one means now, as on the server.
  function instant(input) {
    var clock = /^(\d{1,2}):?(\d{2})$/.exec(input.value.trim());
    if (!clock) { return Date.now(); }
    var on = named(input.form, "on");
    var day = on ? /^(\d{4})-(\d{2})-(\d{2})$/.exec(on.value) : null;
    var moment = day ? new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3])) : new Date();
    moment.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    return moment.getTime();
  }

  function outside(input) {
    if (input.disabled) { return false; }
    var before = input.getAttribute("data-not-before");
    if (before !== null && instant(input) < Number(before)) { return true; }
    var value = input.value.trim();
    var number = Number(value.replace(",", "."));
    var low = input.getAttribute("data-low");
    var high = input.getAttribute("data-high");
    return Boolean(value) && ((low !== null && number < Number(low))
      || (high !== null && number > Number(high)));
  }

  function alone(form) {
    var found = Array.from(form.querySelectorAll("[data-warn]")).filter(outside);
    return {
      ok: true, because: "", fields: {},
      warnings: found.map(function (input) {
        var reasons = input.getAttribute("data-reasons");
        return {
          code: input.getAttribute("data-warn-code"), words: input.getAttribute("data-warn"),
          reasons: reasons ? reasons.split("|") : []
        };
      })
    };
  }

  // --- with it ----------------------------------------------------------------------------

  function check(form, entry) {
    if (sending.state.reached === false) { return Promise.resolve(alone(form)); }
    return sending.ask("/entries/check", sending.wire(entry), CHECK_MS).then(function (answer) {
      var said = answer.said;
      var ours = answer.status === 200 && said.id === entry.id && typeof said.ok === "boolean";
      return ours ? said : alone(form);
    });
  }

  // --- what is shown ----------------------------------------------------------------------

  function named(form, name) {
    return Array.from(form.elements).filter(function (one) { return one.name === name; })[0];
  }

  function chosen(form, name) {
    return String(new FormData(form).get(name) || "").trim();
  }

  function picker(warning, number, before) {
    var label = make("label", "Reason for going on ");
    var select = make("select");
    var reasons = warning.reasons && warning.reasons.length ? warning.reasons : REASONS;
    select.name = "override-" + warning.code;
    label.htmlFor = select.id = "why-" + warning.code + "-" + number;
    [""].concat(reasons).forEach(function (reason) {
      var option = make("option", reason || "Choose a reason");
      option.value = reason;
      option.selected = reason === before;
      select.appendChild(option);
    });
    label.appendChild(select);
    return label;
  }

  function unwarn(form) {
    form.querySelectorAll(".warned-now").forEach(function (old) { old.remove(); });
  }

  // Whether every warning has its reason; the first that has none gets the focus.
  function warn(form, found) {
    var place = part(form, "entry-warnings");
    var reasons = {};
    // What nobody has to answer stands on the page already.
    var warnings = found.filter(function (one) { return one.asks !== false; });
    warnings.forEach(function (one) { reasons[one.code] = chosen(form, "override-" + one.code); });
    unwarn(form);
    warnings.forEach(function (one, number) {
      if (named(form, "override-" + one.code)) { return; } // the page itself asks for it
      var box = make("div", "", "notice warned-now");
      box.setAttribute("data-words", one.words);
      box.appendChild(make("p", "\u25B2 " + one.words));
      box.appendChild(picker(one, number, reasons[one.code]));
      place.appendChild(box);
    });
    var open = Array.from(form.elements).filter(function (one) {
      return /^override-/.test(one.name || "") && !one.disabled && !chosen(form, one.name);
    });
    if (open.length) { open[0].focus(); }
    return open.length === 0;
  }

  function refuse(form, because, fields) {
    var place = part(form, "entry-errors");
    place.textContent = "";
    Array.from(form.elements).forEach(function (one) { one.removeAttribute("aria-invalid"); });
    if (!because) { return; }
    place.setAttribute("role", "alert");
    place.setAttribute("tabindex", "-1");
    var box = make("div", "", "notice");
    box.appendChild(make("p", because));
    var list = make("ul", "", "plain");
    Object.keys(fields).forEach(function (name) {
      var item = make("li");
      var input = named(form, name);
      if (input) { input.setAttribute("aria-invalid", "true"); }
      item.appendChild(input && input.id ? make("a", fields[name]) : make("span", fields[name]));
      if (input && input.id) { item.firstChild.href = "#" + input.id; }
      list.appendChild(item);
    });
    box.appendChild(list);
    place.appendChild(box);
    place.focus();
  }

  function shown(form) {
    return Array.from(form.querySelectorAll("[data-words]")).map(function (one) {
      return one.getAttribute("data-words");
    });
  }

  window.wardlight.check = {
    check: check, warn: warn, unwarn: unwarn, refuse: refuse, shown: shown, make: make, part: part, named: named
  };
}());
