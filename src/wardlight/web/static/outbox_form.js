// One form that makes an entry: its id, what stands in it, what it says. See outbox_save.js.
(function () {
  "use strict";
  var sending = window.wardlight.sending;
  var check = window.wardlight.check;
  var OURS = ["id", "kind", "patient", "site", "by", "next", "corrects"];
  var PAPER = [
    ["dose.", "the paper MAR"], ["order.", "the paper order sheet"],
    ["vitals.", "the paper observation chart"], ["intake", "the paper fluid chart"],
    ["note.", "the paper notes"], ["patient.", "the paper registration form"],
    ["allergies.", "the paper registration form"], ["lab", "the paper request form"]
  ];
  var drawn = new WeakMap(); // per form as drawn: its id, and whether it is being or was saved

  function of(form) {
    if (!drawn.has(form)) { drawn.set(form, { id: newId(), saving: false, saved: false }); }
    return drawn.get(form);
  }

  function anew(form) {
    drawn.delete(form);
  }

  // Made here, never taken from the page: a page kept on this tablet would bring an old one back.
  function newId() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes).map(function (one) {
      return ("0" + one.toString(16)).slice(-2);
    }).join("");
  }

  function meta(name) {
    var found = document.querySelector("meta[name=wardlight-" + name + "]");
    return found ? found.getAttribute("content") : "";
  }

  function all() {
    return Array.from(document.querySelectorAll("form.entry"));
  }

  function isOurs(name) {
    return OURS.indexOf(name) >= 0;
  }

  function told(form, name) {
    var input = check.named(form, name);
    return form.getAttribute("data-" + name) || (input ? input.value : "");
  }

  function fields(form, button) {
    var found = [];
    new FormData(form).forEach(function (value, name) {
      if (!isOurs(name) && typeof value === "string") { found.push([name, value]); }
    });
    if (button && button.name) { found.push([button.name, button.value]); }
    return found;
  }

  function page() {
    return window.location.pathname + window.location.search;
  }

  function entry(form, button) {
    return {
      id: of(form).id, state: "waiting", kind: told(form, "kind"), patient: told(form, "patient"),
      site: told(form, "site"), corrects: told(form, "corrects"),
      by: meta("grant") || told(form, "by"), who: meta("who"),
      label: form.getAttribute("data-label") || "", made: Date.now(), skew: sending.state.skew,
      fields: fields(form, button), page: page(), tries: 0, next: 0,
      // What was practised stays practice, also when it is sent after the drill is over.
      drill: document.body.classList.contains("mode-drill")
    };
  }

  function say(form, text, bad) {
    var place = check.part(form, "entry-saved");
    place.setAttribute("role", "status");
    place.className = "entry-saved" + (bad ? " alarm" : "");
    place.textContent = text;
    return place;
  }

  // The paper form that takes over when nothing can be kept here.
  function paper(form) {
    var kind = told(form, "kind");
    var found = PAPER.filter(function (one) { return kind.indexOf(one[0]) === 0; })[0];
    return form.getAttribute("data-paper") || (found ? found[1] : "the paper form");
  }

  window.wardlight.form = {
    of: of, anew: anew, newId: newId, meta: meta, all: all, isOurs: isOurs, told: told,
    fields: fields, page: page, entry: entry, say: say, paper: paper
  };
}());
