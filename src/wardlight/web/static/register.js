// Search before registering: over the census this device last saw, also with no server.
(function () {
  "use strict";
  var form = document.querySelector("form.register");
  var box = document.getElementById("alike");
  var PAGES = "wardlight-pages"; // emptied with the pages when somebody else signs in
  var held = null;
  var timer = null;

  function kept() {
    if (!window.caches) { return Promise.resolve(null); }
    return caches.open(PAGES).then(function (pages) { return pages.match("/census.json"); })
      .then(function (answer) { return answer ? answer.json() : null; });
  }

  function load() {
    return fetch("/census.json", { credentials: "same-origin", cache: "no-store" })
      .then(function (answer) {
        if (answer.status !== 200) { throw new Error("no census"); }
        if (window.caches) {
          var copy = answer.clone();
          caches.open(PAGES).then(function (pages) { return pages.put("/census.json", copy); })
            .catch(function () { return null; });
        }
        return answer.json();
      }).catch(kept).then(function (said) { held = said; look(); });
  }

  function value(name) {
    var input = form.elements[name];
    return input ? String(input.value || "").trim() : "";
  }

  function birth() {
    var parts = [value("born_year"), value("born_month"), value("born_day")];
    var words = [];
    parts.every(function (part, at) {
      if (part) { words.push(at ? ("0" + part).slice(-2) : part); }
      return Boolean(part);
    });
    return words.join("-");
  }

  function look() {
    if (!held || !box) { return; }
    var looked = {
      number: "", family: value("family"), given: value("given"), birth: birth(),
      age: value("age") ? Number(value("age")) : null, sex: value("sex")
    };
    if (!looked.family && !looked.given && !looked.birth) { box.textContent = ""; return; }
    var count = window.wardlight.search.show(box, held, looked, Number(box.getAttribute("data-year")));
    form.elements.not_these.value = String(count);
  }

  if (!form) { return; }
  form.addEventListener("input", function (event) {
    if (event.target.name === "same_as") { return; }
    window.clearTimeout(timer);
    timer = window.setTimeout(look, 250);
  });
  var first = form.querySelector("input[type=radio][checked]");
  if (first && document.activeElement === document.body) { first.focus(); }
  load();
}());
