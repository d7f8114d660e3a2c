// At the bedside: another patient's wristband stops the page, and a link opens the form it names.
// Plain ES2017; the server checks the wristband again.
(function () {
  "use strict";

  function plain(text) {
    return text.toUpperCase().replace(/[^0-9A-Z]/g, "");
  }

  function check(input) {
    var typed = plain(input.value);
    var known = (input.getAttribute("data-bands") || "").split(" ");
    var form = input.closest("form");
    var stop = form.querySelector(".band-stop");
    var wrong = typed.length > 3 && known.indexOf(typed) < 0;
    form.classList.toggle("stopped", wrong);
    input.setAttribute("aria-invalid", wrong ? "true" : "false");
    if (stop) {
      if (wrong && stop.hidden) { stop.setAttribute("role", "alert"); }
      stop.hidden = !wrong;
      stop.querySelectorAll("input").forEach(function (one) { one.disabled = !wrong; });
    }
    form.setAttribute("data-band", typed === "" ? "" : (wrong ? "other" : "matched"));
  }

  function show() {
    var named = window.location.hash.slice(1);
    var target = named && document.getElementById(named);
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      var first = target.querySelector("input:not([type=hidden])");
      if (first) { first.focus(); }
    }
  }

  document.addEventListener("change", function (event) {
    if (event.target.matches("input[data-bands]")) { check(event.target); }
  });
  // A scanner ends with Enter: that is the end of the number, not of the form.
  document.addEventListener("keydown", function (event) {
    if (event.key === "Enter" && event.target.matches("input[data-bands]")) {
      event.preventDefault();
      check(event.target);
      var fields = Array.from(event.target.form.querySelectorAll("input:not([type=hidden]), select"));
      var next = fields.slice(fields.indexOf(event.target) + 1).find(function (one) {
        return one.offsetParent !== null;
      });
      if (next) { next.focus(); }
    }
  });
  window.addEventListener("hashchange", show);
  show();
}());
